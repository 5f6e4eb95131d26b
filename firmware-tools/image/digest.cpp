#include "firmware-tools/image/digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace jieding::tools::image {

std::string digest(Hash hash, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const EVP_MD* how = hash == Hash::Sha256 ? EVP_sha256() : EVP_sha512();
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, how, nullptr) != 1) return {};
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::size_t size_of(Hash hash) {
  return hash == Hash::Sha256 ? 32 : 64;
}

std::string_view name_of(Hash hash) {
  return hash == Hash::Sha256 ? "SHA256" : "SHA512";
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

}  // namespace jieding::tools::image
