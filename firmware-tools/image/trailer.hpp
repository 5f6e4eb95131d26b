#pragma once
// The end of a padded image, through which bootloader and application speak about a swap (MCUboot
// docs/design.md, "Image trailer"). Nothing signs it.
//
//   from the end, with A the largest write of the flash (8, 16 or 32 bytes; the magic names those
//   above 8):
//     -16      16  magic
//     -16-A     1  image_ok: 0x01 confirmed, erased: to be tested
//     before that, all erased: copy_done, swap_info, swap_size, swap status

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

struct Trailer {
  bool confirmed = false;  ///< else it is tested by one boot and goes unless it is confirmed
  unsigned write_size = 8;
  char erased = '\xff';
};

/// How a slot's trailer is laid out.
struct Slot {
  std::size_t size = 0;           ///< bytes
  unsigned align = 1;             ///< bytes that are written at once: 1, 2, 4, 8, 16, 32
  std::size_t max_sectors = 128;  ///< that a swap writes down
};

/// From all that stands behind an image. Refused where one byte is neither erased nor the
/// trailer's.
Result<Trailer> parse_trailer(std::string_view rest);

/// Fills the slot behind the image. Refused where image and trailer do not fit.
Result<std::string> padded(std::string image, const Slot& slot, bool confirmed);
/// The same to `size` bytes, with a trailer that is known.
Result<std::string> padded(std::string image, std::size_t size, const Trailer& trailer);

}  // namespace jieding::tools::image
