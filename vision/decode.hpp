#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::vision {

/// Bounds that are checked before a single pixel is decoded.
struct DecodeLimits {
  std::size_t bytes = 12U << 20U;
  std::size_t pixels = 16'000'000;
};

/// Decodes a JPEG to BGR. A torn file (missing end, damaged data) is an error, never a grey half.
/// libjpeg-turbo is called directly: OpenCV's own reader draws GDAL and 40 MB of libraries in.
Result<cv::Mat> decode_jpeg(std::string_view bytes, const DecodeLimits& limits = {});

/// Encodes BGR; `quality` 1..100.
std::string encode_jpeg(const cv::Mat& bgr, int quality);

}  // namespace jieding::vision
