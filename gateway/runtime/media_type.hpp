#pragma once

#include <string>
#include <string_view>

namespace jieding {

/// What the first bytes say that a file is: `application/pdf`, `image/jpeg`, `image/png`; empty:
/// none of these. Names and headers may say what they like.
std::string_view media_type_of(std::string_view bytes);

/// Of a header such as `Image/JPEG; q=1`: `image/jpeg`.
std::string bare_media_type(std::string_view header);

}  // namespace jieding
