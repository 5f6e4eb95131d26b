#pragma once
// The building drawn storey by storey, as the page's script draws it (page/src/facade.tsx).

#include <boost/json/value.hpp>
#include <string>

#include "gateway/web/words.hpp"

namespace jieding::web {

/// `number` tells apart the drawings of one page.
std::string facade_svg(const Words& words, const boost::json::value& building, int number);

}  // namespace jieding::web
