#pragma once

#include <string_view>

namespace jieding {

/// What the first bytes say that a file is: `application/pdf`, `image/jpeg`, `image/png`; empty:
/// none of these. Names and headers may say what they like.
std::string_view media_type_of(std::string_view bytes);

}  // namespace jieding
