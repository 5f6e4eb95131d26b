#include "firmware-tools/image/key.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <optional>
#include <utility>

#include "firmware-tools/image/file.hpp"

namespace jieding::tools::image {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using PublicOrPrivate = std::shared_ptr<EVP_PKEY>;

constexpr std::size_t longest_pem = std::size_t{16} * 1024;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Else OpenSSL would ask the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

template <class Read>
PublicOrPrivate read_pem(std::string_view pem, Read read) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  EVP_PKEY* key = bio ? read(bio.get(), nullptr, no_password, nullptr) : nullptr;
  ERR_clear_error();
  return key == nullptr ? nullptr : PublicOrPrivate(key, EVP_PKEY_free);
}

std::optional<SignatureKind> kind_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return SignatureKind::Ed25519;
  std::array<char, 32> group{};
  if (EVP_PKEY_is_a(key, "EC") == 1 &&
      EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
      std::string_view(group.data()) == "prime256v1") {
    return SignatureKind::EcdsaP256;
  }
  return std::nullopt;
}

std::string der_of(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return {};
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

const EVP_MD* hash_for(SignatureKind kind) {
  return kind == SignatureKind::EcdsaP256 ? EVP_sha256() : nullptr;
}

}  // namespace

Key::Key(std::shared_ptr<evp_pkey_st> key, SignatureKind kind, bool is_private,
         std::string public_der)
    : key_(std::move(key)),
      kind_(kind),
      is_private_(is_private),
      public_der_(std::move(public_der)) {}

Result<Key> Key::from_pem(std::string_view pem) {
  if (pem.size() > longest_pem) return Error{Fault::Invalid, "is too long for a key"};
  auto key = read_pem(pem, PEM_read_bio_PrivateKey);
  const bool is_private = key != nullptr;
  if (!is_private) key = read_pem(pem, PEM_read_bio_PUBKEY);
  if (key == nullptr) {
    return Error{Fault::Invalid,
                 "holds no key in PEM, or one with a password; write it without one: openssl pkey"};
  }
  const auto kind = kind_of(key.get());
  if (!kind) return Error{Fault::Invalid, "is neither an Ed25519 nor a P-256 key"};
  std::string der = der_of(key.get());
  if (der.empty()) return Error{Fault::Invalid, "has no public half"};
  return Key(std::move(key), *kind, is_private, std::move(der));
}

Result<std::string> Key::sign(std::string_view message) const {
  if (!is_private_) {
    return Error{Fault::Invalid, "a public key cannot sign; name the private key's file"};
  }
  const Error failed{Fault::Internal, "OpenSSL could not sign"};
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, hash_for(kind_), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data_of(message), message.size()) != 1) {
    return failed;
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     data_of(message), message.size()) != 1) {
    return failed;
  }
  signature.resize(size);
  return signature;
}

bool Key::verify(std::string_view message, std::string_view signature) const {
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const bool sound =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, hash_for(kind_), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                       message.size()) == 1;
  ERR_clear_error();
  return sound;
}

Result<KeyFile> read_key(const std::string& path) {
  const auto pem = read_file(path, longest_pem);
  if (!pem) return pem.error();
  auto key = Key::from_pem(*pem);
  if (!key) return key.error().in(path);
  struct stat about {};
  const bool loose =
      ::stat(path.c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  const bool open = key->is_private() && loose;
  return KeyFile{std::move(*key), open};
}

}  // namespace jieding::tools::image
