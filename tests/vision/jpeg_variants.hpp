#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <string_view>

namespace jieding::vision {

/// One channel only.
std::string grey_jpeg(const cv::Mat& bgr);
/// Four channels for printing, stored as YCCK.
std::string cmyk_jpeg(cv::Size size);
/// The same picture with an EXIF segment that asks for this orientation. `little`: Intel's order.
std::string with_orientation(std::string_view jpeg, int orientation, bool little = true);
/// Puts these bytes, as the content of an APP1 segment of `announced` bytes, behind the start.
std::string with_app1(std::string_view jpeg, std::string_view content, std::size_t announced);
/// The same picture with a header that announces so many bits a sample.
std::string with_precision(std::string jpeg, int bits);
/// The same picture with a header that lies about its size.
std::string with_dimensions(std::string jpeg, int width, int height);

}  // namespace jieding::vision
