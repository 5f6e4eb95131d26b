#include "firmware-tools/image/verify.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "gateway/domain/refusal.hpp"

namespace jieding::tools::image {
namespace {

Error refused(std::string why, std::string_view code = {}) {
  return {Fault::Refused, std::move(why), code};
}

Error damaged(const Error& error) {
  return {error.kind(), error.text(), refusal::image_damaged};
}

bool is_named(const Key& key, const Signature& signature, Hash hash) {
  return key.kind() == signature.kind &&
         (signature.key.empty() ? signature.key_hash == digest(hash, key.public_der())
                                : signature.key == key.public_der());
}

Result<void> check_signature(const Image& image, const Manifest& manifest,
                             const std::vector<Key>& keys) {
  if (!manifest.signature) return refused("is not signed", refusal::image_signature);
  const Signature& signature = *manifest.signature;
  const auto signer = std::find_if(keys.begin(), keys.end(), [&](const Key& key) {
    return is_named(key, signature, manifest.hash_kind);
  });
  if (signer == keys.end()) return refused("is signed by another key", refusal::image_signature);
  // ECDSA hashes by itself; Ed25519 takes the hash for its message unless it is pure.
  const bool whole = signature.kind == SignatureKind::EcdsaP256 || signature.pure;
  if (!signer->verify(whole ? image.covered : manifest.hash, signature.bytes)) {
    return refused("its signature is wrong", refusal::image_signature);
  }
  return {};
}

Result<void> check_age(const Image& image, const Manifest& manifest, const Demands& demands) {
  if (demands.newer_than && image.version <= *demands.newer_than) {
    return refused("is version " + to_text(image.version) + ", not newer than " +
                   to_text(*demands.newer_than));
  }
  if (!demands.least_counter) return {};
  if (!manifest.security_counter) return refused("has no security counter", refusal::image_counter);
  if (*manifest.security_counter < *demands.least_counter) {
    return refused("has security counter " + std::to_string(*manifest.security_counter) +
                       ", less than " + std::to_string(*demands.least_counter),
                   refusal::image_counter);
  }
  return {};
}

Result<void> check_board(const Manifest& manifest, const Demands& demands) {
  if (demands.vendor && manifest.vendor != demands.vendor)
    return refused("is for another vendor", refusal::image_board);
  if (demands.board && manifest.board != demands.board)
    return refused("is for another board", refusal::image_board);
  return {};
}

}  // namespace

Result<Verified> verify(std::string_view bytes, const Demands& demands) {
  auto image = parse(bytes);
  if (!image) return damaged(image.error());
  auto manifest = read_manifest(*image);
  if (!manifest) return damaged(manifest.error());
  if (!hash_is_right(*image, *manifest))
    return refused("its hash is wrong: bytes were changed", refusal::image_damaged);
  auto sound = check_signature(*image, *manifest, demands.keys);
  if (sound) sound = check_age(*image, *manifest, demands);
  if (sound) sound = check_board(*manifest, demands);
  if (!sound) return sound.error();
  return Verified{std::move(*image), std::move(*manifest)};
}

}  // namespace jieding::tools::image
