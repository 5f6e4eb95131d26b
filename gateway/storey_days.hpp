#pragma once

#include <string>
#include <vector>

#include "sync/frame_log.hpp"

namespace jieding {

/// How a building stood at the end of one day: a column of the chart of storeys over days.
struct StoreyDay {
  std::string day;  ///< `2024-08-22`, on the site
  double storeys = 0;
  std::string bands;  ///< one digit per storey from the ground up, as StoreyState numbers them
};

/// The last good picture of each day decides, or the last of all where none was good. Points come
/// oldest first; days without a picture are left out.
std::vector<StoreyDay> storey_days(const std::vector<sync::EstimatePoint>& points);

}  // namespace jieding
