#pragma once
// A key that images are signed with. Only key.cpp knows OpenSSL.

#include <memory>
#include <string>
#include <string_view>

#include "firmware-tools/image/manifest.hpp"
#include "gateway/domain/result.hpp"

struct evp_pkey_st;

namespace jieding::tools::image {

/// Ed25519 or P-256, private or public; a private one is a public one as well.
class Key {
 public:
  /// PEM without a password, PKCS 8, SEC 1 or SubjectPublicKeyInfo.
  static Result<Key> from_pem(std::string_view pem);

  SignatureKind kind() const { return kind_; }
  bool is_private() const { return is_private_; }
  /// SubjectPublicKeyInfo (DER): what an image names, or the hash of it.
  const std::string& public_der() const { return public_der_; }

  /// Ed25519 of the message, or ECDSA (DER) of its SHA-256. Refused: a public key.
  Result<std::string> sign(std::string_view message) const;
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  Key(std::shared_ptr<evp_pkey_st> key, SignatureKind kind, bool is_private,
      std::string public_der);

  std::shared_ptr<evp_pkey_st> key_;
  SignatureKind kind_;
  bool is_private_;
  std::string public_der_;
};

struct KeyFile {
  Key key;
  bool open_to_others = false;  ///< a private key that more than its owner can read
};
Result<KeyFile> read_key(const std::string& path);

}  // namespace jieding::tools::image
