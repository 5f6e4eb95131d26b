#pragma once
// What the TLVs of an image say. Strict, because an image with what is not understood cannot be
// vouched for: plain TLVs must all be known, since nothing signs them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware-tools/image/board.hpp"
#include "firmware-tools/image/boot_record.hpp"
#include "firmware-tools/image/digest.hpp"
#include "firmware-tools/image/image.hpp"

namespace jieding::tools::image {

/// Another image of the same node that must be there, at least in this version.
struct Dependency {
  std::uint8_t image = 0;
  Version version;
};

enum class SignatureKind { EcdsaP256, Ed25519 };

struct Signature {
  SignatureKind kind = SignatureKind::Ed25519;
  std::string_view bytes;
  bool pure = false;               ///< over the image itself, not over its hash
  std::string_view key_hash, key;  ///< of who signed: one of the two
};

/// Views into the image's bytes.
struct Manifest {
  Hash hash_kind = Hash::Sha256;
  std::string_view hash;
  std::optional<Signature> signature;
  std::optional<std::uint32_t> security_counter;
  std::optional<BootRecord> boot_record;
  std::vector<Dependency> dependencies;
  std::optional<Uuid> vendor, board;
  std::vector<Tlv> others;  ///< protected ones that a maker defined
};

/// Refused: encrypted and compressed images, other kinds of keys, what stands twice or is missing.
Result<Manifest> read_manifest(const Image& image);

/// Whether the hash is that of the image's bytes. Anybody can make it so: only a signature proves.
bool hash_is_right(const Image& image, const Manifest& manifest);

std::string_view name_of(SignatureKind kind);

}  // namespace jieding::tools::image
