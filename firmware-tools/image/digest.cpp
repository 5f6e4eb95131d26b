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

}  // namespace jieding::tools::image
