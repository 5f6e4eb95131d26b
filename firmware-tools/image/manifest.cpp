#include "firmware-tools/image/manifest.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "firmware-tools/image/little_endian.hpp"

namespace jieding::tools::image {
namespace {

constexpr std::size_t ed25519_signature_size = 64;
/// DER of two numbers of 32 bytes.
constexpr std::size_t longest_ecdsa_signature = 72;
/// Types xxA0 to xxFE are the makers' own (MCUboot docs/design.md).
constexpr std::uint16_t lowest_own = 0xA0;

std::string type_name(std::uint16_t type) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%02x", unsigned{type});
  return text.data();
}

/// Takes a value that may stand once.
template <class T>
Result<void> once(std::optional<T>& place, T value, const char* name) {
  if (place) return invalid(std::string(name) + " stands twice");
  place = std::move(value);
  return {};
}

Result<void> read_uuid(std::optional<Uuid>& place, std::string_view value, const char* name) {
  const auto uuid = uuid_from(value);
  if (!uuid) return invalid(std::string(name) + " is no UUID");
  return once(place, *uuid, name);
}

Result<void> read_dependency(Manifest& manifest, std::string_view value) {
  if (value.size() != 12) return invalid("a dependency is not 12 bytes long");
  manifest.dependencies.push_back(
      {static_cast<std::uint8_t>(value[0]),
       {static_cast<std::uint8_t>(value[4]), static_cast<std::uint8_t>(value[5]),
        read_little_endian<std::uint16_t>(value, 6), read_little_endian<std::uint32_t>(value, 8)}});
  return {};
}

Result<void> read_protected(Manifest& manifest, const Tlv& of) {
  switch (of.type) {
    case tlv::security_counter:
      if (of.value.size() != 4) return invalid("the security counter is not 4 bytes long");
      return once(manifest.security_counter, read_little_endian<std::uint32_t>(of.value, 0),
                  "the security counter");
    case tlv::boot_record: {
      auto record = parse_boot_record(of.value);
      if (!record) return record.error();
      return once(manifest.boot_record, std::move(*record), "the boot record");
    }
    case tlv::dependency:
      return read_dependency(manifest, of.value);
    case tlv::vendor:
      return read_uuid(manifest.vendor, of.value, "the vendor");
    case tlv::board:
      return read_uuid(manifest.board, of.value, "the board");
    default:
      break;
  }
  if ((of.type & 0xFF) < lowest_own) {
    return invalid("protected TLV " + type_name(of.type) + " is not understood");
  }
  manifest.others.push_back(of);
  return {};
}

/// The plain TLVs as they stand, each at most once.
struct Plain {
  std::optional<std::string_view> sha256, sha512, key_hash, key, ecdsa, ed25519, pure;
};

Result<void> read_plain(Plain& plain, const Tlv& of) {
  switch (of.type) {
    case tlv::sha256:
      return once(plain.sha256, of.value, "SHA-256");
    case tlv::sha512:
      return once(plain.sha512, of.value, "SHA-512");
    case tlv::key_hash:
      return once(plain.key_hash, of.value, "the key's hash");
    case tlv::public_key:
      return once(plain.key, of.value, "the key");
    case tlv::ecdsa:
      return once(plain.ecdsa, of.value, "the ECDSA signature");
    case tlv::ed25519:
      return once(plain.ed25519, of.value, "the Ed25519 signature");
    case tlv::pure:
      return once(plain.pure, of.value, "the mark of a pure signature");
    default:
      return invalid("plain TLV " + type_name(of.type) + " is not understood");
  }
}

Result<void> read_hash(Manifest& manifest, const Plain& plain) {
  if (plain.sha256.has_value() == plain.sha512.has_value()) {
    return invalid("there must be one hash, SHA-256 or SHA-512");
  }
  manifest.hash_kind = plain.sha256 ? Hash::Sha256 : Hash::Sha512;
  manifest.hash = plain.sha256 ? *plain.sha256 : *plain.sha512;
  if (manifest.hash.size() != size_of(manifest.hash_kind)) {
    return invalid("the hash has a wrong length");
  }
  return {};
}

Result<void> read_signature(Manifest& manifest, const Plain& plain) {
  if (!plain.ecdsa && !plain.ed25519) {
    if (plain.key || plain.key_hash || plain.pure) return invalid("names a key but is not signed");
    return {};
  }
  if (plain.ecdsa && plain.ed25519) return invalid("is signed twice");
  if (plain.key.has_value() == plain.key_hash.has_value()) {
    return invalid("the signature must name its key, or the key's hash");
  }
  if (plain.ecdsa && plain.ecdsa->size() > longest_ecdsa_signature) {
    return invalid("the ECDSA signature is too long");
  }
  if (plain.ed25519 && plain.ed25519->size() != ed25519_signature_size) {
    return invalid("the Ed25519 signature is not 64 bytes long");
  }
  if (plain.pure && *plain.pure != "\x01") return invalid("the mark of a pure signature is wrong");
  if (plain.pure && !plain.ed25519) return invalid("only Ed25519 signatures can be pure");
  // MCUboot pairs P-256 with SHA-256; imgtool hashes with SHA-512 for a pure signature.
  const Hash expected = plain.pure ? Hash::Sha512 : Hash::Sha256;
  if ((plain.pure || plain.ecdsa) && manifest.hash_kind != expected) {
    return invalid("the hash does not fit the signature");
  }
  manifest.signature =
      Signature{plain.ecdsa ? SignatureKind::EcdsaP256 : SignatureKind::Ed25519,
                plain.ecdsa ? *plain.ecdsa : *plain.ed25519, plain.pure.has_value(),
                plain.key_hash.value_or(""), plain.key.value_or("")};
  return {};
}

}  // namespace

Result<Manifest> read_manifest(const Image& image) {
  constexpr std::uint32_t understood =
      flag::position_independent | flag::non_bootable | flag::ram_load | flag::rom_fixed;
  if ((image.flags & ~understood) != 0) {
    return invalid("is encrypted, compressed or marked in a way that is not understood");
  }
  Manifest manifest;
  for (const Tlv& each : image.protected_tlvs) {
    if (auto read = read_protected(manifest, each); !read) return read.error();
  }
  Plain plain;
  for (const Tlv& each : image.plain_tlvs) {
    if (auto read = read_plain(plain, each); !read) return read.error();
  }
  if (auto read = read_hash(manifest, plain); !read) return read.error();
  if (auto read = read_signature(manifest, plain); !read) return read.error();
  return manifest;
}

bool hash_is_right(const Image& image, const Manifest& manifest) {
  return digest(manifest.hash_kind, image.covered) == manifest.hash;
}

std::string_view name_of(SignatureKind kind) {
  return kind == SignatureKind::EcdsaP256 ? "ECDSA P-256" : "Ed25519";
}

}  // namespace jieding::tools::image
