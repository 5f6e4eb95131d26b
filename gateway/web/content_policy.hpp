#pragma once

#include <string_view>

namespace jieding::web {

/// What a browser may load into the page (Content Security Policy 3). `'self'` only: the page
/// brings all it needs and runs without internet.
inline constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'";

}  // namespace jieding::web
