#include "vision/render.hpp"

#include <algorithm>

#include "vision/decode.hpp"
#include "vision/shrink.hpp"

namespace jieding::vision {
namespace {

constexpr int narrowest_px = 16;
constexpr int quality = 80;

}  // namespace

Result<std::string> render(std::string_view jpeg, int width_px) {
  if (width_px < narrowest_px)
    return Error(Fault::Invalid, "too_narrow: nothing can be seen in it");
  const auto header = read_jpeg_header(jpeg);
  if (!header) return header.error();
  const cv::Size size = header->upright();
  if (size.width <= width_px) return std::string(jpeg);
  const auto picture = decode_jpeg(jpeg);
  if (!picture) return picture.error();
  const int height = cvRound(static_cast<double>(size.height) * width_px / size.width);
  return encode_jpeg(shrunk(*picture, {width_px, std::max(1, height)}), quality);
}

}  // namespace jieding::vision
