#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace jieding::web {

/// A bulletin (Record::bulletin) as one page of HTML for A4 paper, in Chinese or English. Needs no
/// script. What the record does not know stands there as not known.
std::string write_bulletin(const boost::json::value& bulletin, bool english);

}  // namespace jieding::web
