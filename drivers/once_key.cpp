#include "drivers/once_key.hpp"

#include <algorithm>

#include "drivers/digest.hpp"

namespace jieding::drivers {
namespace {

constexpr std::size_t longest_key = 255;

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

}  // namespace

Result<std::optional<OnceKey>> once_key(const http::Request& request, const std::string& device) {
  if (!request.headers.contains("idempotency-key")) return std::optional<OnceKey>{};
  const auto key = request.header("idempotency-key");
  if (key.empty() || key.size() > longest_key || !std::all_of(key.begin(), key.end(), is_visible)) {
    return Error{Fault::Invalid, "Idempotency-Key is not one text of 1 to 255 visible characters"};
  }
  const std::string asked = request.method + " " + request.path + "\n" +
                            std::string(request.header("content-type")) + "\n" + request.body;
  return std::optional(OnceKey{device, std::string(key), sha256_hex(asked)});
}

}  // namespace jieding::drivers
