#pragma once
// HTML as text, for pages that the box writes itself.

#include <string>
#include <string_view>

#include "gateway/runtime/markup.hpp"

namespace jieding::web {

using markup::escape;

/// `<name class="kind">content</name>`; the content is HTML. Without a class for an empty kind.
std::string element(std::string_view name, std::string_view kind, std::string_view content);

}  // namespace jieding::web
