#pragma once
// A sensor node's firmware as MCUboot takes it (MCUboot docs/design.md, "Image format"), taken
// apart into its pieces. Pure: knows where everything stands, not whether it is true.
//
//   offset  bytes
//        0      4  magic 0x96f3b83d          all numbers are little-endian
//        4      4  load address
//        8      2  header size H, 32 at least
//       10      2  size P of the protected TLVs with their info; 0: there are none
//       12      4  payload size S
//       16      4  flags
//       20      8  version: major 1, minor 1, revision 2, build 4
//       28      4  0
//       32   H-32  padding
//        H      S  payload
//      H+S      P  protected TLVs   info: magic 0x6908 2, size with this info 2
//    H+S+P      T  plain TLVs       info: magic 0x6907 2, size with this info 2
//
// A TLV is type 2, length 2, value. The hash is over all up to H+S+P. An image that fills its slot
// is padded as erased flash and ends with a trailer (trailer.hpp).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "firmware-tools/image/trailer.hpp"
#include "firmware-tools/image/version.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools::image {

constexpr std::uint32_t header_magic = 0x96f3b83d;
constexpr std::uint16_t plain_magic = 0x6907;
constexpr std::uint16_t protected_magic = 0x6908;
constexpr std::size_t shortest_header = 32;
constexpr std::size_t info_size = 4;      ///< before the TLVs of an area
constexpr std::size_t tlv_head_size = 4;  ///< type and length of one
/// More is no firmware of a sensor node.
constexpr std::size_t longest_image = std::size_t{16} * 1024 * 1024;
constexpr std::size_t most_tlvs = 64;

/// Bits of the header's flags (IMAGE_F_...).
namespace flag {
constexpr std::uint32_t position_independent = 0x1;
constexpr std::uint32_t non_bootable = 0x10;
constexpr std::uint32_t ram_load = 0x20;
constexpr std::uint32_t rom_fixed = 0x100;
}  // namespace flag

/// Types of TLVs (IMAGE_TLV_...) that are understood.
namespace tlv {
constexpr std::uint16_t key_hash = 0x01;
constexpr std::uint16_t public_key = 0x02;
constexpr std::uint16_t sha256 = 0x10;
constexpr std::uint16_t sha512 = 0x12;
constexpr std::uint16_t ecdsa = 0x22;
constexpr std::uint16_t ed25519 = 0x24;
constexpr std::uint16_t pure = 0x25;
constexpr std::uint16_t dependency = 0x40;
constexpr std::uint16_t security_counter = 0x50;
constexpr std::uint16_t boot_record = 0x60;
constexpr std::uint16_t vendor = 0x74;
constexpr std::uint16_t board = 0x75;
}  // namespace tlv

struct Tlv {
  std::uint16_t type = 0;
  std::string_view value;
};

/// A view: the bytes that it was parsed from must outlive it.
struct Image {
  std::uint32_t load_address = 0;
  std::uint16_t header_size = 0;
  std::uint32_t flags = 0;
  Version version;
  std::string_view payload;
  std::string_view covered;  ///< header, payload and protected TLVs: what hash and signature cover
  std::vector<Tlv> protected_tlvs;
  std::vector<Tlv> plain_tlvs;
  std::size_t size = 0;            ///< bytes up to the end of the TLVs, without padding
  std::optional<Trailer> trailer;  ///< of a padded image
};

/// Every byte must have its place: what stands behind the TLVs is padding and trailer, or refused.
Result<Image> parse(std::string_view bytes);

}  // namespace jieding::tools::image
