#pragma once
// What the API's routes answer alike.

#include <boost/json/value.hpp>
#include <optional>

#include "gateway/domain/result.hpp"
#include "gateway/runtime/http.hpp"

namespace jieding::web {

http::Response answer_with(const boost::json::value& value);
http::Response answer_with(const Result<boost::json::value>& result);

http::Response nobody();
http::Response wrong_csrf();
http::Response not_json();

}  // namespace jieding::web
