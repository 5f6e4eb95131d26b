#pragma once
// Random tokens and the only forms in which they may be stored or compared.

#include <string>
#include <string_view>

namespace jieding::web {

/// 256 random bits as 43 characters of base64url: fits a link, a cookie and a header.
std::string random_token();

/// SHA-256 of a token's text, lower-case hex. Stores know tokens and cookies by this alone.
std::string token_sha256(std::string_view token);

/// Compares in a time that depends on the lengths only.
bool same_secret(std::string_view left, std::string_view right);

}  // namespace jieding::web
