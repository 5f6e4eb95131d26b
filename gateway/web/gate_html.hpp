#pragma once

#include <string>

#include "gateway/web/words.hpp"

namespace jieding::web {

/// Why somebody is not let in yet.
enum class Gate { NoLink, Refused, Locked, SigningIn };

/// How to get a link, for somebody without a good one.
std::string gate_html(Gate gate, const Words& words);

}  // namespace jieding::web
