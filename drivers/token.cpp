#include "drivers/token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace jieding::drivers {
namespace {

constexpr std::size_t shortest_token = 16;

}  // namespace

std::filesystem::path token_file(const config::Config& config, std::string_view id) {
  if (const config::Device* device = config.device(id)) return device->token_file;
  const config::Camera* camera = config.camera(id);
  return camera == nullptr ? "" : camera->settings.get<std::string>("token_file");
}

TokenDigest digest_of_token(std::string_view token) {
  TokenDigest digest{};
  const int done =
      EVP_Digest(token.data(), token.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  if (done != 1) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  return digest;
}

TokenDigest read_token(const std::string& whose, const std::filesystem::path& file) {
  const std::string where = whose + ": token_file ";
  if (file.empty()) {
    throw std::runtime_error(where + "is missing; write token_file = \"secrets/ID.token\"");
  }
  std::ifstream stream(file);
  std::string token;
  if (!(stream >> token)) {
    throw std::runtime_error(where + file.string() +
                             " cannot be read; put one random line into it");
  }
  if (token.size() < shortest_token) {
    throw std::runtime_error(where + file.string() + " holds fewer than " +
                             std::to_string(shortest_token) + " characters");
  }
  return digest_of_token(token);
}

TokenDigest read_token(const config::Device& device) {
  return read_token("device " + device.id, device.token_file);
}

bool same_token(const TokenDigest& left, const TokenDigest& right) {
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace jieding::drivers
