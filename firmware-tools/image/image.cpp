#include "firmware-tools/image/image.hpp"

#include <string>
#include <utility>

#include "firmware-tools/image/little_endian.hpp"

namespace jieding::tools::image {
namespace {

/// The TLVs of the area at `at`, which begins with its info.
Result<std::vector<Tlv>> parse_area(std::string_view bytes, std::size_t at, std::uint16_t magic,
                                    std::size_t& size, const char* name) {
  const std::string area = std::string("the ") + name + " TLVs";
  if (bytes.size() - at < info_size) return invalid("ends before " + area);
  if (read_little_endian<std::uint16_t>(bytes, at) != magic) {
    return invalid(area + " do not begin with their magic");
  }
  size = read_little_endian<std::uint16_t>(bytes, at + 2);
  if (size < info_size) return invalid(area + " say that they are shorter than their own head");
  if (size > bytes.size() - at) return invalid("ends within " + area);
  std::string_view rest = bytes.substr(at + info_size, size - info_size);
  std::vector<Tlv> found;
  while (!rest.empty()) {
    if (found.size() == most_tlvs) return invalid(area + " are too many");
    if (rest.size() < tlv_head_size) return invalid(area + " end within the head of one");
    const std::size_t length = read_little_endian<std::uint16_t>(rest, 2);
    if (length > rest.size() - tlv_head_size) return invalid(area + " end within one");
    found.push_back(
        {read_little_endian<std::uint16_t>(rest, 0), rest.substr(tlv_head_size, length)});
    rest.remove_prefix(tlv_head_size + length);
  }
  return found;
}

}  // namespace

Result<Image> parse(std::string_view bytes) {
  if (bytes.size() > longest_image)
    return invalid("is larger than 16 MiB; that is no node's image");
  if (bytes.size() < shortest_header) return invalid("is shorter than an image's header");
  if (read_little_endian<std::uint32_t>(bytes, 0) != header_magic) {
    return invalid("does not begin with MCUboot's magic; name an image made by create or imgtool");
  }
  Image image;
  image.load_address = read_little_endian<std::uint32_t>(bytes, 4);
  image.header_size = read_little_endian<std::uint16_t>(bytes, 8);
  const std::size_t protected_size = read_little_endian<std::uint16_t>(bytes, 10);
  const std::size_t payload_size = read_little_endian<std::uint32_t>(bytes, 12);
  image.flags = read_little_endian<std::uint32_t>(bytes, 16);
  image.version = {static_cast<std::uint8_t>(bytes[20]), static_cast<std::uint8_t>(bytes[21]),
                   read_little_endian<std::uint16_t>(bytes, 22),
                   read_little_endian<std::uint32_t>(bytes, 24)};
  if (image.header_size < shortest_header) return invalid("says that its header is too short");
  if (image.header_size > bytes.size()) return invalid("ends within the header");
  if (payload_size > bytes.size() - image.header_size) return invalid("ends within the payload");
  image.payload = bytes.substr(image.header_size, payload_size);
  std::size_t at = image.header_size + payload_size;
  if (protected_size != 0) {
    std::size_t size = 0;
    auto tlvs = parse_area(bytes, at, protected_magic, size, "protected");
    if (!tlvs) return tlvs.error();
    if (size != protected_size) return invalid("header and protected TLVs differ in their size");
    image.protected_tlvs = std::move(*tlvs);
    at += size;
  }
  image.covered = bytes.substr(0, at);
  std::size_t size = 0;
  auto tlvs = parse_area(bytes, at, plain_magic, size, "plain");
  if (!tlvs) return tlvs.error();
  image.plain_tlvs = std::move(*tlvs);
  image.size = at + size;
  if (image.size == bytes.size()) return image;
  const auto trailer = parse_trailer(bytes.substr(image.size));
  if (!trailer) return trailer.error();
  image.trailer = *trailer;
  return image;
}

}  // namespace jieding::tools::image
