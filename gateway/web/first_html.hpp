#pragma once
// What stands in the page before its script has come, and for a browser that runs none: where each
// building is, what the people agree on, and the days that are left.

#include <boost/json/value.hpp>
#include <string>

#include "gateway/web/places.hpp"
#include "gateway/web/words.hpp"

namespace jieding::web {

/// How much of it: all, each building without its milestones and the most urgent deadlines, or one
/// line for each building.
enum class Detail { All, Less, Lines };

/// `site` as GET /api/v1/site gives it.
std::string first_html(const boost::json::value& site, const Words& words, Detail detail,
                       const Places& places);

}  // namespace jieding::web
