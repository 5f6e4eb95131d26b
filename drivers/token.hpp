#pragma once
// The token by which a pushing device is known, kept as its SHA-256 only.

#include <string_view>

#include "config/config.hpp"
#include "drivers/digest.hpp"

namespace jieding::drivers {

using TokenDigest = Digest;

TokenDigest digest_of_token(std::string_view token);
/// From the device's `token_file`; throws std::runtime_error that says what to do.
TokenDigest read_token(const config::Device& device);
/// Takes as long whatever differs.
bool same_token(const TokenDigest& left, const TokenDigest& right);

}  // namespace jieding::drivers
