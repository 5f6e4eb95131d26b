#include "vision/decode.hpp"

#include <turbojpeg.h>

#include <array>
#include <memory>
#include <utility>

#include "vision/exif.hpp"

namespace jieding::vision {
namespace {

struct Closer {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, Closer>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned long size_of(std::string_view bytes) {
  return static_cast<unsigned long>(bytes.size());
}

Error refused(const std::string& reason, const std::string& detail) {
  return Error(Fault::Invalid, reason + ": " + detail);
}

/// libjpeg forgives a file that lacks its end marker when the last row was complete.
bool has_end_marker(std::string_view bytes) {
  const auto tail = bytes.substr(bytes.size() > 64 ? bytes.size() - 64 : 0);
  return tail.find("\xff\xd9") != std::string_view::npos;
}

/// A PNG's header names the bits of each channel in its 25th byte (ISO/IEC 15948 §11.2.2).
std::string png_detail(std::string_view bytes) {
  std::string out = "a PNG";
  if (bytes.size() > 24) out += " of " + std::to_string(int{raw(bytes)[24]}) + " bits a channel";
  return out;
}

/// What else cameras and people send, by the first bytes.
Error not_a_jpeg(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr auto wanted = "; set the camera to JPEG";
  if (bytes.starts_with("\x89PNG"sv)) return refused("png_not_jpeg", png_detail(bytes) + wanted);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> heads{
      {{"GIF8"sv, "gif"sv}, {"BM"sv, "bmp"sv}, {"II*\0"sv, "tiff"sv}, {"MM\0*"sv, "tiff"sv}}};
  std::string_view format;
  for (const auto& [head, name] : heads)
    if (bytes.starts_with(head)) format = name;
  if (bytes.starts_with("RIFF"sv) && bytes.substr(0, 12).ends_with("WEBP"sv)) format = "webp";
  if (bytes.substr(0, 8).ends_with("ftyp"sv)) format = "heif";
  if (format.empty()) return refused("not_a_picture", "it begins like no picture format");
  return refused(std::string(format) + "_not_jpeg",
                 "its format is " + std::string(format) + wanted);
}

/// What libjpeg-turbo could not read, by its words.
Error unreadable(void* turbo) {
  const std::string_view why = tjGetErrorStr2(turbo);
  // "Unsupported JPEG data precision 12": of scanners and X-ray devices.
  if (why.find("precision") != std::string_view::npos)
    return refused("not_8_bit", std::string(why) + "; set the camera to ordinary JPEG");
  return refused("torn", std::string(why));
}

/// Turns the stored rows as their EXIF orientation asks.
cv::Mat turned(const cv::Mat& stored, int orientation) {
  cv::Mat out = stored;
  if (orientation >= 5) cv::transpose(stored, out);  // 5 to 8 lie on their side
  constexpr int about_x = 0, about_y = 1, about_both = -1;
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(out, out, about_y);
      break;
    case 3:
    case 7:
      cv::flip(out, out, about_both);
      break;
    case 4:
    case 8:
      cv::flip(out, out, about_x);
      break;
    default:
      break;
  }
  return out;
}

}  // namespace

cv::Size JpegHeader::upright() const {
  return orientation >= 5 ? cv::Size(stored.height, stored.width) : stored;
}

std::string reason_of(const Error& refused) {
  return refused.text().substr(0, refused.text().find(':'));
}

Result<JpegHeader> read_jpeg_header(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.size() > limits.bytes)
    return Error(Fault::TooMuch, "too_large: picture has too many bytes");
  if (bytes.size() < 4) return refused("torn", "picture is empty");
  if (!bytes.starts_with("\xff\xd8")) return not_a_jpeg(bytes);
  const Turbo turbo(tjInitDecompress());
  if (!turbo) return Error(Fault::Internal, "no_decoder: no JPEG decoder");
  JpegHeader header;
  int subsampling = 0, colours = 0;
  if (tjDecompressHeader3(turbo.get(), raw(bytes), size_of(bytes), &header.stored.width,
                          &header.stored.height, &subsampling, &colours) != 0)
    return unreadable(turbo.get());
  const std::string size = size_text({header.stored.width, header.stored.height});
  if (header.stored.width < 1 || header.stored.height < 1) return refused("torn", "no pixels");
  if (static_cast<std::size_t>(header.stored.width) *
          static_cast<std::size_t>(header.stored.height) >
      limits.pixels)
    return Error(Fault::TooMuch, "too_large: picture has " + size + " pixels");
  if (colours == TJCS_CMYK || colours == TJCS_YCCK)
    return refused("cmyk", "printing colours; set the camera to ordinary JPEG");
  header.orientation = exif_orientation(bytes);
  return header;
}

Result<cv::Mat> decode_jpeg(std::string_view bytes, const DecodeLimits& limits) {
  const auto header = read_jpeg_header(bytes, limits);
  if (!header) return header.error();
  const Turbo turbo(tjInitDecompress());
  if (!turbo) return Error(Fault::Internal, "no_decoder: no JPEG decoder");
  cv::Mat picture(header->stored, CV_8UC3);
  const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
  if (tjDecompress2(turbo.get(), raw(bytes), size_of(bytes), picture.data, picture.cols,
                    static_cast<int>(picture.step), picture.rows, TJPF_BGR, flags) != 0)
    return unreadable(turbo.get());
  if (!has_end_marker(bytes)) return refused("torn", "no end marker");
  return turned(picture, header->orientation);
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
