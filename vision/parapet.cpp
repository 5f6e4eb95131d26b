#include "vision/parapet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr std::size_t slab_rows = 4;     ///< below the roof slab's upper edge, and it
constexpr std::size_t parapet_rows = 5;  ///< above it that are looked at
constexpr std::size_t parapet_most = 9;  ///< rows up to which its top edge may lie
constexpr std::size_t least_rows = 2;    ///< fewer are the slab's edge
constexpr double knows_the_ground = 0.8;
/// Share of the width that must stand out of the slab. Where only a part of the concrete does, the
/// light hides a closed parapet as well.
constexpr double whole_slab = 0.95;
/// Of what the slab fills: below the first rebar, above the second concrete, on rendered sites
/// (29 pictures before topping-out, 447 after it).
constexpr double looks_open = 0.9, looks_closed = 0.95;
constexpr double open_odds = -1.5, closed_odds = 1.5;

}  // namespace

double closed_parapet(const RowEvidence& rows, int storeys) {
  const std::size_t slab = static_cast<std::size_t>(storeys) * rows_per_storey;
  const auto edge = static_cast<std::size_t>(std::lround(rows.top * rows_per_storey));
  if (rows.trust < knows_the_ground || edge > slab + parapet_most) return 0;
  const std::size_t first = slab + 1, last = std::min(slab + parapet_rows, edge - 1);
  if (edge < slab || last < first + least_rows) return 0;
  const auto row = [&](std::size_t y) {
    return rows.beyond.begin() + static_cast<std::ptrdiff_t>(y);
  };
  const double cast = *std::max_element(row(slab - slab_rows), row(first));
  if (cast < whole_slab) return 0;
  const double filled =
      std::accumulate(row(first), row(last), 0.0) / static_cast<double>(last - first) / cast;
  const double share = std::clamp((filled - looks_open) / (looks_closed - looks_open), 0.0, 1.0);
  return open_odds + (closed_odds - open_odds) * share;
}

}  // namespace jieding::vision
