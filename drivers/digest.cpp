#include "drivers/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

#include "gateway/domain/hex.hpp"

namespace jieding::drivers {
namespace {

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

const EVP_MD* algorithm(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return EVP_md5();
    case Hash::Sha1:
      return EVP_sha1();
    case Hash::Sha256:
      return EVP_sha256();
  }
  return EVP_sha256();
}

}  // namespace

std::string digest(Hash hash, std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), bytes_of(out), &size, algorithm(hash), nullptr);
  if (done != 1) throw std::runtime_error("a hash is not available in this OpenSSL");
  out.resize(size);
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(digest(Hash::Sha256, bytes));
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(bytes_of(text), reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(count)) != 1) {
    throw std::runtime_error("OpenSSL has no random numbers");
  }
  return bytes;
}

}  // namespace jieding::drivers
