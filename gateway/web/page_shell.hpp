#pragma once
// The page as Vite built it (index.html), with something in it before its script runs.

#include <string>
#include <string_view>

#include "gateway/web/places.hpp"
#include "gateway/web/words.hpp"

namespace jieding::web {

class PageShell {
 public:
  /// `index` outlives it. A page without the place that the script fills stays as it is.
  explicit PageShell(std::string_view index);

  /// `entered`: the link in the address was good and its cookie is set; the script need not ask.
  std::string with(const std::string& content, std::string_view title, const Words& words,
                   const Places& places, bool entered) const;

 private:
  std::string_view index_;
  std::string_view links_;  ///< from `<meta …` up to the title
  std::string_view rest_;   ///< from behind the title up to `<body>`
};

}  // namespace jieding::web
