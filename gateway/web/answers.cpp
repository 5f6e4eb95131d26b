#include "gateway/web/answers.hpp"

#include <boost/json/serialize.hpp>

namespace jieding::web {

namespace json = boost::json;

http::Response answer_with(const json::value& value) {
  return http::Response{200, "application/json", json::serialize(value), {}};
}

http::Response answer_with(const Result<json::value>& result) {
  return result ? answer_with(*result) : http::problem(result.error());
}

http::Response answer_with_token(const std::string& token) {
  return answer_with(json::value{{"token", token}});
}

http::Response done() {
  return http::Response{204, "", "", {}};
}

http::Response too_fast(int seconds, std::string_view detail) {
  auto response = http::problem(429, "Too many requests", detail);
  response.headers = {{"Retry-After", std::to_string(seconds)}};
  return response;
}

http::Response nobody() {
  return http::problem(401, "Not authorised", "open the viewer link or sign in first");
}

http::Response wrong_csrf() {
  return http::problem(403, "Forbidden", "the X-CSRF-Token header is missing or wrong; reload");
}

http::Response not_json() {
  return http::problem(415, "Unsupported media type", "send Content-Type: application/json");
}

}  // namespace jieding::web
