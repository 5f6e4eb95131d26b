#pragma once
// When a building will top out if it goes on as it has so far. A guess from its own storeys, and
// none where they tell too little.

#include <map>
#include <optional>
#include <string>

#include "gateway/domain/calendar.hpp"

namespace jieding::policy {

/// On which day each storey was cast; storeys that nobody saw are left out.
using StoreysCast = std::map<int, SiteDay>;

enum class NoForecast {
  Done,           ///< all storeys are cast
  TooFew,         ///< fewer than five storeys with a day: no rhythm yet
  StandingStill,  ///< nothing was cast for much longer than any storey took
  OutOfOrder,     ///< a higher storey is dated before a lower one: the days are wrong
};
std::string_view to_text(NoForecast why);

struct Forecast {
  std::optional<SiteDay> day;  ///< of the last planned storey
  SiteDay early{};             ///< nine in ten lie between these two, if the rhythm stays
  SiteDay late{};
  double days_a_storey = 0;
  int storeys_left = 0;
  int from_storeys = 0;                ///< how many storeys the rhythm rests on
  std::optional<NoForecast> why_none;  ///< set where `day` is not
};

Forecast forecast(const StoreysCast& cast, int planned, SiteDay today);

}  // namespace jieding::policy
