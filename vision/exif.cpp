#include "vision/exif.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace jieding::vision {
namespace {

constexpr int upright = 1, last_orientation = 8;
constexpr std::uint16_t orientation_tag = 0x0112;
constexpr std::uint16_t type_short = 3;
constexpr std::size_t entry_size = 12;
constexpr std::size_t most_entries = 512;

std::size_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Numbers of a TIFF structure, whose first two bytes say which end comes first. Past the end there
/// are none.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes)
      : bytes_(bytes), little_(bytes.starts_with("II")), is_one_(little_ || big(bytes)) {}

  bool is_one() const { return is_one_; }
  std::optional<std::size_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | byte_at(bytes_, little_ ? at + size - 1 - i : at + i);
    return value;
  }

 private:
  static bool big(std::string_view bytes) { return bytes.starts_with("MM"); }

  std::string_view bytes_;
  bool little_;
  bool is_one_;
};

int orientation_in(const Tiff& tiff) {
  const auto directory = tiff.number(4, 4);
  if (!tiff.is_one() || tiff.number(2, 2) != 42U || !directory) return upright;
  const auto entries = tiff.number(*directory, 2);
  for (std::size_t i = 0; entries && i < *entries && i < most_entries; ++i) {
    const std::size_t entry = *directory + 2 + i * entry_size;
    if (tiff.number(entry, 2) != orientation_tag) continue;
    const auto value = tiff.number(entry + 8, 2);
    const bool sound = tiff.number(entry + 2, 2) == type_short && value && *value >= upright &&
                       *value <= last_orientation;
    return sound ? static_cast<int>(*value) : upright;
  }
  return upright;
}

}  // namespace

//   FF D8 | FF E1  length  "Exif" 0 0  TIFF ... | FF ..  length  ... | FF DA: the pixels begin
// A length counts itself and what follows it (ITU-T T.81 §B.1.1.4).
int exif_orientation(std::string_view jpeg) {
  constexpr std::string_view mark("Exif\0\0", 6);
  std::size_t at = 2;
  while (at + 4 <= jpeg.size() && byte_at(jpeg, at) == 0xFF) {
    const std::size_t marker = byte_at(jpeg, at + 1);
    if (marker == 0xFF) {  // fill bytes may stand before a marker
      ++at;
      continue;
    }
    const std::size_t length = byte_at(jpeg, at + 2) << 8U | byte_at(jpeg, at + 3);
    if (marker == 0xDA || length < 2 || length > jpeg.size() - at - 2) return upright;
    const std::string_view segment = jpeg.substr(at + 4, length - 2);
    if (marker == 0xE1 && segment.starts_with(mark))
      return orientation_in(Tiff(segment.substr(mark.size())));
    at += 2 + length;
  }
  return upright;
}

}  // namespace jieding::vision
