#include "tests/vision/jpeg_variants.hpp"

#include <turbojpeg.h>

#include <memory>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace jieding::vision {
namespace {

struct Closer {
  void operator()(void* handle) const { tjDestroy(handle); }
};

std::string compressed(const cv::Mat& pixels, int format, int subsampling) {
  const std::unique_ptr<void, Closer> turbo(tjInitCompress());
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  if (tjCompress2(turbo.get(), pixels.data, pixels.cols, static_cast<int>(pixels.step), pixels.rows,
                  format, &buffer, &size, subsampling, 90, 0) != 0)
    throw std::runtime_error(tjGetErrorStr2(turbo.get()));
  std::string out(reinterpret_cast<const char*>(buffer), size);
  tjFree(buffer);
  return out;
}

std::string number(std::size_t value, int bytes, bool little) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> 8U * static_cast<unsigned>(little ? i : bytes - 1 - i));
  return out;
}

/// Marker, length, then bits a sample, height and width (ITU-T T.81 §B.2.2).
std::size_t frame_header(const std::string& jpeg) {
  for (const char* marker : {"\xff\xc0", "\xff\xc2"})
    if (const auto at = jpeg.find(marker); at != std::string::npos) return at;
  throw std::runtime_error("no frame header");
}

}  // namespace

std::string grey_jpeg(const cv::Mat& bgr) {
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  return compressed(grey, TJPF_GRAY, TJSAMP_GRAY);
}

std::string cmyk_jpeg(cv::Size size) {
  return compressed(cv::Mat(size, CV_8UC4, cv::Scalar(10, 90, 200, 30)), TJPF_CMYK, TJSAMP_444);
}

std::string with_app1(std::string_view jpeg, std::string_view content, std::size_t announced) {
  return std::string(jpeg.substr(0, 2)) + "\xff\xe1" + number(announced + 2, 2, false) +
         std::string(content) + std::string(jpeg.substr(2));
}

std::string with_orientation(std::string_view jpeg, int orientation, bool little) {
  const auto n = [little](std::size_t value, int bytes) { return number(value, bytes, little); };
  const std::string entry =
      n(0x0112, 2) + n(3, 2) + n(1, 4) + n(static_cast<std::size_t>(orientation), 2) + n(0, 2);
  const std::string tiff =
      std::string(little ? "II" : "MM") + n(42, 2) + n(8, 4) + n(1, 2) + entry + n(0, 4);
  const std::string content = std::string("Exif\0\0", 6) + tiff;
  return with_app1(jpeg, content, content.size());
}

std::string with_precision(std::string jpeg, int bits) {
  jpeg[frame_header(jpeg) + 4] = static_cast<char>(bits);
  return jpeg;
}

std::string with_dimensions(std::string jpeg, int width, int height) {
  return jpeg.replace(frame_header(jpeg) + 5, 4,
                      number(static_cast<std::size_t>(height), 2, false) +
                          number(static_cast<std::size_t>(width), 2, false));
}

}  // namespace jieding::vision
