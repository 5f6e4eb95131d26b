#pragma once

namespace jieding::vision {

// How a facade is looked at: as a strip, whose rows are storeys whatever the perspective.

/// Rows of a strip per planned storey, columns per width of the facade.
inline constexpr int rows_per_storey = 12;
inline constexpr int facade_columns = 64;
/// The strip looks further than the facade: half a width to both sides, three storeys above.
inline constexpr int side_columns = facade_columns / 2;
inline constexpr int strip_columns = facade_columns + 2 * side_columns;
inline constexpr int storeys_above_roof = 3;
/// Storeys above the last planned slab that no works reach, nor what stands on a roof: what does,
/// is behind it, or another storey. Of 143 rendered sites none shows more in two pictures running;
/// one built two storeys more does until its end.
inline constexpr double highest_works = 2.25;
/// Scaffolds reach out by some percent of the width; people click corners a few pixels off.
inline constexpr int near_columns = facade_columns / 8;
inline constexpr int margin_columns = 3;

}  // namespace jieding::vision
