#pragma once

#include <span>
#include <string_view>

namespace jieding::sync {

/// The migrations in order; the first brings an empty database to version 1.
std::span<const std::string_view> migrations();

}  // namespace jieding::sync
