#pragma once

#include <string_view>

#include "gateway/runtime/http.hpp"

namespace jieding::web {

/// The value of a cookie in `a=1; name=…; b=2` (RFC 6265 §4.2.1); empty: none.
std::string_view cookie(const http::Request& request, std::string_view name);

}  // namespace jieding::web
