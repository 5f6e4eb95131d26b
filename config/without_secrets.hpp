#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::config {

/// A configuration's text for other eyes: passwords that stand in it, and users in addresses, are
/// replaced, comments left out, because anything may stand in them. Invalid: it is no TOML.
Result<std::string> without_secrets(std::string_view text);

}  // namespace jieding::config
