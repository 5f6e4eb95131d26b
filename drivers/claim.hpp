#pragma once

#include <cstddef>
#include <string_view>

#include "config/config.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers {

inline constexpr std::size_t longest_claim = std::size_t{16} * 1024;

/// A claim as a device pushes it, checked against the site's buildings:
///   {"building":"b1","milestone":"topping_out","storey":0,"at":"2024-11-08T04:13:00Z",
///    "document_sha256":"...","note":"..."}
/// `storey` for storey_cast only; `document_sha256` names a document that was handed in before
/// (PUT /api/v1/documents/SHA256). Who claims is for the caller to fill in.
Result<Claim> parse_claim(std::string_view body, const config::Config& config);

}  // namespace jieding::drivers
