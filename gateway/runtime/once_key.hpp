#pragma once

#include <optional>
#include <string>

#include "gateway/runtime/http.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::http {

/// The request's Idempotency-Key, if it has one, with the fingerprint of what is asked: method,
/// path, content type and body (draft-ietf-httpapi-idempotency-key-header). `sender`: whose keys
/// they are. Invalid: not 1 to 255 visible characters.
Result<std::optional<OnceKey>> once_key(const Request& request, const std::string& sender);

}  // namespace jieding::http
