#pragma once
// In which language a page is written.

#include "gateway/runtime/http.hpp"

namespace jieding::web {

/// `?lang=en` or `zh`, else what the browser keeps from an earlier choice (cookie
/// `jieding_language`), else English only where Accept-Language prefers it to Chinese (RFC 9110
/// §12.5.4).
bool wants_english(const http::Request& request);

/// Makes the browser keep a language that was asked for by `?lang=`; empty: none was.
std::string language_cookie(const http::Request& request);

}  // namespace jieding::web
