#include "firmware-tools/image/trailer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace jieding::tools::image {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic_of_8 =
    "\x77\xc2\x95\xf3\x60\xd2\xef\x7f\x35\x52\x50\x0f\x2c\xb6\x79\x80"sv;
/// Two bytes before it say how much is written at once.
constexpr std::string_view magic_behind_size =
    "\x2d\xe1\x5d\x29\x41\x0b\x8d\x77\x67\x9c\x11\x0f\x1f\x8a"sv;
constexpr std::size_t magic_size = magic_of_8.size();
constexpr char image_ok = '\x01';

std::string magic_of(unsigned write_size) {
  if (write_size == 8) return std::string(magic_of_8);
  return std::string{static_cast<char>(write_size), '\0'} + std::string(magic_behind_size);
}

/// Where image_ok stands, counted from the end. The magic itself fills whole writes.
constexpr std::size_t image_ok_from_end(unsigned write_size) {
  return std::max<std::size_t>(magic_size, write_size) + write_size;
}

std::optional<unsigned> write_size_of(std::string_view magic) {
  for (const unsigned size : {8U, 16U, 32U})
    if (magic == magic_of(size)) return size;
  return std::nullopt;
}

/// Bytes that MCUboot writes at the slot's end while it swaps: status, swap_size, swap_info,
/// copy_done, image_ok, magic.
std::size_t trailer_size(const Slot& slot, unsigned write_size) {
  return slot.max_sectors * 3 * slot.align + std::size_t{write_size} * 4 +
         std::max<std::size_t>(magic_size, write_size);
}

Error does_not_fit(std::size_t needed, std::size_t size) {
  return {Fault::TooMuch, "image and trailer are " + std::to_string(needed) +
                              " bytes, the slot has " + std::to_string(size) +
                              "; make the firmware smaller or name a larger slot"};
}

}  // namespace

Result<Trailer> parse_trailer(std::string_view rest) {
  const Error wrong{Fault::Invalid,
                    "something stands behind the image that is neither padding nor a trailer"};
  if (rest.size() < magic_size) return wrong;
  const auto write_size = write_size_of(rest.substr(rest.size() - magic_size));
  if (!write_size || rest.size() < image_ok_from_end(*write_size)) return wrong;
  Trailer trailer{false, *write_size, rest[0]};
  if (trailer.erased != '\xff' && trailer.erased != '\0') return wrong;
  const std::size_t flag = rest.size() - image_ok_from_end(*write_size);
  trailer.confirmed = rest[flag] == image_ok;
  // All bytes are the first one if each is its neighbour: this compares many at a time.
  const auto is_erased = [&](std::string_view part) {
    return part.empty() ||
           (part[0] == trailer.erased && part.substr(1) == part.substr(0, part.size() - 1));
  };
  if (!trailer.confirmed && rest[flag] != trailer.erased) return wrong;
  if (!is_erased(rest.substr(0, flag)) ||
      !is_erased(rest.substr(flag + 1, rest.size() - magic_size - flag - 1))) {
    return wrong;
  }
  return trailer;
}

Result<std::string> padded(std::string image, const Slot& slot, bool confirmed) {
  const unsigned write_size = std::max(8U, slot.align);
  const std::size_t needed = image.size() + trailer_size(slot, write_size);
  if (needed > slot.size) return does_not_fit(needed, slot.size);
  return padded(std::move(image), slot.size, {confirmed, write_size});
}

Result<std::string> padded(std::string image, std::size_t size, const Trailer& trailer) {
  const std::size_t flag = image_ok_from_end(trailer.write_size);
  if (image.size() + flag > size) return does_not_fit(image.size() + flag, size);
  image.resize(size - magic_size, trailer.erased);
  image += magic_of(trailer.write_size);
  if (trailer.confirmed) image[size - flag] = image_ok;
  return image;
}

}  // namespace jieding::tools::image
