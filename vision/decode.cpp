#include "vision/decode.hpp"

#include <turbojpeg.h>

#include <memory>

namespace jieding::vision {
namespace {

struct Closer {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, Closer>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// libjpeg forgives a file that lacks its end marker when the last row was complete.
bool has_end_marker(std::string_view bytes) {
  const auto tail = bytes.substr(bytes.size() > 64 ? bytes.size() - 64 : 0);
  return tail.find("\xff\xd9") != std::string_view::npos;
}

}  // namespace

Result<cv::Mat> decode_jpeg(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.size() > limits.bytes) return Error(Fault::TooMuch, "picture has too many bytes");
  if (bytes.size() < 4) return Error(Fault::Invalid, "torn: picture is empty");
  const Turbo turbo(tjInitDecompress());
  if (!turbo) return Error(Fault::Internal, "no JPEG decoder");
  int width = 0, height = 0, subsampling = 0, colours = 0;
  const auto size = static_cast<unsigned long>(bytes.size());
  if (tjDecompressHeader3(turbo.get(), raw(bytes), size, &width, &height, &subsampling, &colours) !=
      0)
    return Error(Fault::Invalid, std::string("not a JPEG: ") + tjGetErrorStr2(turbo.get()));
  if (width < 16 || height < 16) return Error(Fault::Invalid, "picture is smaller than 16 pixels");
  if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > limits.pixels)
    return Error(Fault::TooMuch, "picture has too many pixels");
  cv::Mat picture(height, width, CV_8UC3);
  const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
  if (tjDecompress2(turbo.get(), raw(bytes), size, picture.data, width,
                    static_cast<int>(picture.step), height, TJPF_BGR, flags) != 0)
    return Error(Fault::Invalid, std::string("torn: ") + tjGetErrorStr2(turbo.get()));
  if (!has_end_marker(bytes)) return Error(Fault::Invalid, "torn: no end marker");
  return picture;
}

std::string encode_jpeg(const cv::Mat& bgr, int quality) {
  const Turbo turbo(tjInitCompress());
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int rc =
      !turbo ? -1
             : tjCompress2(turbo.get(), bgr.data, bgr.cols, static_cast<int>(bgr.step), bgr.rows,
                           TJPF_BGR, &buffer, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
  std::string jpeg;
  if (rc == 0) jpeg.assign(reinterpret_cast<const char*>(buffer), size);
  tjFree(buffer);
  return jpeg;
}

}  // namespace jieding::vision
