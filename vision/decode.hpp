#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>

#include "gateway/domain/camera_view.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::vision {

/// Bounds that are checked before a single pixel is decoded.
struct DecodeLimits {
  std::size_t bytes = 12U << 20U;
  std::size_t pixels = most_pixels_in_all;
};

/// What the header of a JPEG says.
struct JpegHeader {
  cv::Size stored;
  int orientation = 1;  ///< how the stored rows must be turned, see exif.hpp
  /// Of the picture as people see it.
  cv::Size upright() const;
};

/// Errors of both functions below begin with one word and a colon, the reason why a picture is
/// refused: `torn`, `too_large`, `cmyk`, `not_8_bit`, `png_not_jpeg` (and gif, bmp, tiff, webp,
/// heif), `not_a_picture`; or `no_decoder`, which is no fault of the picture.
std::string reason_of(const Error& refused);

/// Decodes nothing.
Result<JpegHeader> read_jpeg_header(std::string_view bytes, const DecodeLimits& limits = {});

/// Decodes a JPEG, colour or grey, to upright BGR. A torn file (missing end, damaged content) is an
/// error, never a grey half. libjpeg-turbo is called directly: OpenCV's own reader draws GDAL and
/// 40 MB of libraries in.
Result<cv::Mat> decode_jpeg(std::string_view bytes, const DecodeLimits& limits = {});

/// Encodes BGR; `quality` 1..100.
std::string encode_jpeg(const cv::Mat& bgr, int quality);

}  // namespace jieding::vision
