#pragma once
// The token by which a pushing device is known, kept as its SHA-256 only.

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace jieding::drivers {

/// Where the token of a device or camera lies; empty: it has none.
std::filesystem::path token_file(const config::Config& config, std::string_view id);

using TokenDigest = std::array<unsigned char, 32>;

TokenDigest digest_of_token(std::string_view token);
/// From a `token_file`; throws std::runtime_error that says what to do. `whose`: "camera gate".
TokenDigest read_token(const std::string& whose, const std::filesystem::path& file);
TokenDigest read_token(const config::Device& device);
/// Takes as long whatever differs.
bool same_token(const TokenDigest& left, const TokenDigest& right);

/// Of those with a `token` the one whose it is; none: nullptr. Looks at every token whatever it
/// finds, so that time tells nothing.
template <class Pushers>
auto* find_by_token(Pushers& pushers, const TokenDigest& token) {
  typename Pushers::value_type* found = nullptr;
  for (auto& each : pushers) {
    if (same_token(each.token, token)) found = &each;
  }
  return found;
}

}  // namespace jieding::drivers
