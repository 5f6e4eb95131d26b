#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/hex.hpp"

namespace jieding::sync {

/// A SHA-256 digest.
using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view bytes);
/// SHA-256 of several pieces one after the other.
Hash sha256(std::string_view first, std::string_view second, std::string_view third = {});

std::string_view bytes_of(const Hash& hash);
using jieding::to_hex;
/// 64 characters.
std::string to_hex(const Hash& hash);
/// Accepts lower-case hex of exactly 64 characters.
std::optional<Hash> hash_from_hex(std::string_view text);
/// The 32 bytes of a database column or a proof.
std::optional<Hash> hash_from_bytes(std::string_view bytes);

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// SHA-256 in lower-case hex, as evidence files and hashed texts are named.
inline std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

}  // namespace jieding::sync
