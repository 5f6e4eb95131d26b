#pragma once
// The site as a page without a script, for a browser that runs none: the box's first HTML, among
// the mirror's files.

#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/time.hpp"

namespace jieding::mirror {

/// Beside index.html, which sends such browsers there.
std::string plain_name(bool english);
/// `site` as the box told it at an instant.
std::string plain_page(const boost::json::value& site, Instant read_at, bool english);

}  // namespace jieding::mirror
