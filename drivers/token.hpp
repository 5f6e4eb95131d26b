#pragma once
// The token by which a pushing device is known, kept as its SHA-256 only.

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace jieding::drivers {

using TokenDigest = std::array<unsigned char, 32>;

TokenDigest digest_of_token(std::string_view token);
/// From a `token_file`; throws std::runtime_error that says what to do. `whose`: "camera gate".
TokenDigest read_token(const std::string& whose, const std::filesystem::path& file);
TokenDigest read_token(const config::Device& device);
/// Takes as long whatever differs.
bool same_token(const TokenDigest& left, const TokenDigest& right);

}  // namespace jieding::drivers
