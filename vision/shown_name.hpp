#pragma once

#include <string>

namespace jieding::vision {

/// The widest name that is shown, in letters: with it the longest first line of a caption still
/// stands 10 of a telephone's 390 pixels high.
inline constexpr double widest_name = 15;

/// A building's name as it can be written on pictures: spaces of any kind are single ones. Its id
/// where not all of the name was drawn (`name_characters.txt`) or it is wider than that: a part of
/// a name may be that of another building.
std::string shown_name(const std::string& name, const std::string& id);

}  // namespace jieding::vision
