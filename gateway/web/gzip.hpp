#pragma once
// Content coding `gzip` (RFC 9110 §8.4.1.3) for answers.

#include <string>
#include <string_view>

#include "gateway/runtime/http.hpp"

namespace jieding::web {

/// Whether Accept-Encoding names `gzip` or `*`, unless its weight is zero (RFC 9110 §12.5.3).
bool takes_gzip(const http::Request& request);

enum class Effort { Fast, Small };

/// Empty: out of memory.
std::string gzipped(std::string_view bytes, Effort effort = Effort::Fast);

}  // namespace jieding::web
