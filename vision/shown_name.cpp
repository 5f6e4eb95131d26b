#include "vision/shown_name.hpp"

#include <array>
#include <string_view>

#include "vision/lettering.hpp"

namespace jieding::vision {
namespace {

/// Plain, no-break, thin, narrow no-break, as wide as a Chinese character.
constexpr std::array<std::string_view, 5> spaces{" ", "\u00A0", "\u2009", "\u202F", "\u3000"};

/// Bytes of the space that the text begins with; 0: it begins with none.
std::size_t leading_space(std::string_view text) {
  for (const std::string_view space : spaces)
    if (text.starts_with(space)) return space.size();
  return 0;
}

std::string with_single_spaces(std::string_view text) {
  std::string out;
  bool apart = false;
  while (!text.empty()) {
    if (const std::size_t space = leading_space(text); space > 0) {
      text.remove_prefix(space);
      apart = true;
      continue;
    }
    if (apart && !out.empty()) out += ' ';
    apart = false;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::string shown_name(const std::string& name, const std::string& id) {
  std::string shown = with_single_spaces(name);
  const bool fits = !shown.empty() && is_drawn(shown) && width_of(shown, 1) <= widest_name;
  return fits ? shown : id;
}

}  // namespace jieding::vision
