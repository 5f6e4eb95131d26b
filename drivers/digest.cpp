#include "drivers/digest.hpp"

#include <openssl/evp.h>

#include <boost/algorithm/hex.hpp>
#include <iterator>
#include <stdexcept>

namespace jieding::drivers {

Digest sha256(std::string_view bytes) {
  Digest digest{};
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  if (done != 1) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  const Digest digest = sha256(bytes);
  std::string text;
  boost::algorithm::hex_lower(digest.begin(), digest.end(), std::back_inserter(text));
  return text;
}

}  // namespace jieding::drivers
