#pragma once
// What the API's routes answer alike.

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "gateway/runtime/http.hpp"

namespace jieding::web {

http::Response answer_with(const boost::json::value& value);
http::Response answer_with(const Result<boost::json::value>& result);

/// A token that is told once.
http::Response answer_with_token(const std::string& token);
/// It is so now, and there is nothing to tell.
http::Response done();

/// `seconds`: when to come again.
http::Response too_fast(int seconds, std::string_view detail = "too much at once; wait a little");
http::Response nobody();
http::Response wrong_csrf();
http::Response not_json();

}  // namespace jieding::web
