#pragma once
// Where a page that the box writes leads: on the box itself, or among the files of a mirror.

#include <string>
#include <string_view>

#include "gateway/web/words.hpp"

namespace jieding::web {

struct Places {
  std::string root;            ///< before the page's own files, such as `help/zh.html`
  std::string other_language;  ///< the same page in it
  /// A picture by its SHA-256, no wider than so many pixels.
  std::string (*picture)(std::string_view sha256, unsigned width);
  std::string mirrored;  ///< of a mirror: when the box was read, in words; empty: it is the box
};

Places on_the_box(const Words& words);

}  // namespace jieding::web
