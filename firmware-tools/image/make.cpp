#include "firmware-tools/image/make.hpp"

#include <limits>
#include <utility>

#include "firmware-tools/image/little_endian.hpp"

namespace jieding::tools::image {
namespace {

Hash hash_for(const std::optional<Signing>& signing) {
  return signing && signing->pure ? Hash::Sha512 : Hash::Sha256;
}

/// What names the signer; zeros: nobody.
std::string signer_of(const std::optional<Signing>& signing) {
  const Hash hash = hash_for(signing);
  return signing ? digest(hash, signing->key.public_der()) : std::string(size_of(hash), '\0');
}

void append_tlv(std::string& to, std::uint16_t type, std::string_view value) {
  append_little_endian(to, type);
  append_little_endian(to, static_cast<std::uint16_t>(value.size()));
  to += value;
}

/// TLVs behind their info; nothing where there are none.
Result<std::string> area_of(std::uint16_t magic, std::string_view tlvs) {
  if (tlvs.empty()) return std::string{};
  const std::size_t size = info_size + tlvs.size();
  if (size > std::numeric_limits<std::uint16_t>::max()) return invalid("the TLVs are too long");
  std::string area;
  append_little_endian(area, magic);
  append_little_endian(area, static_cast<std::uint16_t>(size));
  area += tlvs;
  return area;
}

void append_version(std::string& to, const Version& version) {
  append_little_endian(to, version.major);
  append_little_endian(to, version.minor);
  append_little_endian(to, version.revision);
  append_little_endian(to, version.build);
}

/// In imgtool's order.
Result<std::string> protected_area(const Recipe& recipe, const std::optional<Signing>& signing) {
  std::string tlvs;
  if (recipe.security_counter) {
    std::string value;
    append_little_endian(value, *recipe.security_counter);
    append_tlv(tlvs, tlv::security_counter, value);
  }
  if (!recipe.component.empty()) {
    append_tlv(
        tlvs, tlv::boot_record,
        boot_record(recipe.component, recipe.version, hash_for(signing), signer_of(signing)));
  }
  for (const Dependency& each : recipe.dependencies) {
    std::string value{static_cast<char>(each.image), '\0', '\0', '\0'};
    append_version(value, each.version);
    append_tlv(tlvs, tlv::dependency, value);
  }
  if (recipe.vendor) append_tlv(tlvs, tlv::vendor, bytes_of(*recipe.vendor));
  if (recipe.board) append_tlv(tlvs, tlv::board, bytes_of(*recipe.board));
  return area_of(protected_magic, tlvs);
}

std::string header(const Recipe& recipe, std::size_t protected_size, std::size_t payload_size) {
  std::string bytes;
  append_little_endian(bytes, header_magic);
  append_little_endian(bytes, recipe.load_address);
  append_little_endian(bytes, recipe.header_size);
  append_little_endian(bytes, static_cast<std::uint16_t>(protected_size));
  append_little_endian(bytes, static_cast<std::uint32_t>(payload_size));
  append_little_endian(bytes, recipe.load_address == 0 ? std::uint32_t{0} : flag::ram_load);
  append_version(bytes, recipe.version);
  append_little_endian(bytes, std::uint32_t{0});
  return bytes;
}

/// The part that hash and signature cover.
Result<std::string> covered_part(std::string_view payload, const Recipe& recipe,
                                 const std::optional<Signing>& signing) {
  std::string padding(recipe.header_size, '\xff');
  if (recipe.header_in_payload) {
    padding = payload.substr(0, recipe.header_size);
    payload.remove_prefix(padding.size());
    if (padding != std::string(recipe.header_size, '\0')) {
      return invalid("the payload does not begin with zeros where the header goes");
    }
  }
  auto protected_tlvs = protected_area(recipe, signing);
  if (!protected_tlvs) return protected_tlvs.error();
  std::string bytes = header(recipe, protected_tlvs->size(), payload.size());
  bytes += padding.substr(shortest_header);
  bytes += payload;
  bytes += *protected_tlvs;
  return bytes;
}

Result<std::string> with_plain_area(std::string covered, const std::optional<Signing>& signing) {
  const Hash hash = hash_for(signing);
  const std::string hashed = digest(hash, covered);
  std::string tlvs;
  append_tlv(tlvs, hash == Hash::Sha256 ? tlv::sha256 : tlv::sha512, hashed);
  if (signing) {
    const bool ecdsa = signing->key.kind() == SignatureKind::EcdsaP256;
    if (ecdsa && signing->pure) return invalid("only an Ed25519 key can sign pure");
    const auto signature = signing->key.sign(ecdsa || signing->pure ? covered : hashed);
    if (!signature) return signature.error();
    if (signing->pure) append_tlv(tlvs, tlv::pure, "\x01");
    append_tlv(tlvs, signing->full_key ? tlv::public_key : tlv::key_hash,
               signing->full_key ? signing->key.public_der() : signer_of(signing));
    append_tlv(tlvs, ecdsa ? tlv::ecdsa : tlv::ed25519, *signature);
  }
  const auto area = area_of(plain_magic, tlvs);
  if (!area) return area.error();
  return std::move(covered) + *area;
}

Result<void> check(std::string_view payload, const Recipe& recipe) {
  if (recipe.header_size < shortest_header) {
    return invalid("a header has 32 bytes at least; write a larger header size");
  }
  if (recipe.component.size() > longest_component_type) {
    return invalid("the boot record's type has more than 12 characters");
  }
  if (payload.empty()) return invalid("the payload is empty");
  if (payload.size() + recipe.header_size > longest_image) {
    return invalid("the payload is larger than 16 MiB");
  }
  return {};
}

}  // namespace

std::uint32_t counter_of(const Version& version) {
  return std::uint32_t{version.major} << 24 | std::uint32_t{version.minor} << 16 | version.revision;
}

Result<std::string> make(std::string_view payload, const Recipe& recipe,
                         const std::optional<Signing>& signing) {
  if (auto sound = check(payload, recipe); !sound) return sound.error();
  auto covered = covered_part(payload, recipe, signing);
  if (!covered) return covered.error();
  auto image = with_plain_area(std::move(*covered), signing);
  if (!image || !recipe.slot) return image;
  return padded(std::move(*image), *recipe.slot, recipe.confirmed);
}

Result<std::string> sign(std::string_view bytes, const Signing& signing) {
  const auto image = parse(bytes);
  if (!image) return image.error();
  const auto manifest = read_manifest(*image);
  if (!manifest) return manifest.error();
  if (!hash_is_right(*image, *manifest)) return invalid("its hash is wrong: bytes were changed");
  if (manifest->boot_record && manifest->boot_record->signer != signer_of(signing)) {
    return invalid("its boot record names another signer; make the image anew with this key");
  }
  auto signed_image = with_plain_area(std::string(image->covered), signing);
  if (!signed_image || !image->trailer) return signed_image;
  return padded(std::move(*signed_image), bytes.size(), *image->trailer);
}

}  // namespace jieding::tools::image
