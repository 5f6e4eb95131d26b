#include "gateway/runtime/once_key.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "gateway/domain/hex.hpp"

namespace jieding::http {
namespace {

constexpr std::size_t longest_key = 255;

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

std::string sha256_hex(const std::string& bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

Result<std::optional<OnceKey>> once_key(const Request& request, const std::string& sender) {
  if (!request.headers.contains("idempotency-key")) return std::optional<OnceKey>{};
  const auto key = request.header("idempotency-key");
  if (key.empty() || key.size() > longest_key || !std::all_of(key.begin(), key.end(), is_visible)) {
    return Error{Fault::Invalid, "Idempotency-Key is not one text of 1 to 255 visible characters"};
  }
  const std::string asked = request.method + " " + request.path + "\n" +
                            std::string(request.header("content-type")) + "\n" + request.body;
  return std::optional(OnceKey{sender, std::string(key), sha256_hex(asked)});
}

}  // namespace jieding::http
