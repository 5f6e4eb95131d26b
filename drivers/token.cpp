#include "drivers/token.hpp"

#include <openssl/crypto.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace jieding::drivers {
namespace {

constexpr std::size_t shortest_token = 16;

}  // namespace

TokenDigest digest_of_token(std::string_view token) {
  return sha256(token);
}

TokenDigest read_token(const config::Device& device) {
  const std::string where = "device " + device.id + ": token_file ";
  if (device.token_file.empty()) {
    throw std::runtime_error(where + "is missing; write token_file = \"secrets/" + device.id +
                             ".token\"");
  }
  std::ifstream file(device.token_file);
  std::string token;
  if (!(file >> token)) {
    throw std::runtime_error(where + device.token_file.string() +
                             " cannot be read; put one random line into it");
  }
  if (token.size() < shortest_token) {
    throw std::runtime_error(where + device.token_file.string() + " holds fewer than " +
                             std::to_string(shortest_token) + " characters");
  }
  return digest_of_token(token);
}

bool same_token(const TokenDigest& left, const TokenDigest& right) {
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace jieding::drivers
