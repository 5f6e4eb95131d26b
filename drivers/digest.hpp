#pragma once
// Hashes and their texts, as OpenSSL makes them.

#include <cstddef>
#include <string>
#include <string_view>

namespace jieding::drivers {

enum class Hash { Md5, Sha1, Sha256 };

/// The digest's own bytes.
std::string digest(Hash hash, std::string_view bytes);
/// Lower case.
std::string sha256_hex(std::string_view bytes);
std::string base64(std::string_view bytes);
/// That nobody can guess.
std::string random_bytes(std::size_t count);

}  // namespace jieding::drivers
