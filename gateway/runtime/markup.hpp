#pragma once

#include <string>
#include <string_view>

namespace jieding::markup {

/// A text as it stands in HTML, SVG or XML: as content, or as an attribute in double quotes.
std::string escape(std::string_view text);

}  // namespace jieding::markup
