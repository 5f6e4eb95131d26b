#include "gateway/storey_days.hpp"

#include "gateway/domain/calendar.hpp"

namespace jieding {
namespace {

StoreyDay column(std::string day, const BuildingEstimate& estimate) {
  StoreyDay out{std::move(day), estimate.storeys, {}};
  for (const StoreyState state : estimate.bands)
    out.bands += static_cast<char>('0' + static_cast<int>(state));
  return out;
}

}  // namespace

std::vector<StoreyDay> storey_days(const std::vector<sync::EstimatePoint>& points) {
  std::vector<StoreyDay> out;
  bool good = false;  // of the last day: a good picture stands for it
  for (const sync::EstimatePoint& point : points) {
    std::string day = to_text(site_day(point.at));
    const bool same = !out.empty() && out.back().day == day;
    if (same && good && !point.usable) continue;
    good = point.usable;
    StoreyDay found = column(std::move(day), point.estimate);
    if (same)
      out.back() = std::move(found);
    else
      out.push_back(std::move(found));
  }
  return out;
}

}  // namespace jieding
