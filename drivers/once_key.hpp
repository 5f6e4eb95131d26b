#pragma once

#include <optional>
#include <string>

#include "gateway/runtime/http.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers {

/// The request's Idempotency-Key, if it has one, with the fingerprint of what is asked: method,
/// path, content type and body (draft-ietf-httpapi-idempotency-key-header). Invalid: not 1 to 255
/// visible characters.
Result<std::optional<OnceKey>> once_key(const http::Request& request, const std::string& device);

}  // namespace jieding::drivers
