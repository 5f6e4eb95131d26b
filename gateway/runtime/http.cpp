#include "gateway/runtime/http.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/runtime/media_type.hpp"

namespace jieding::http {
namespace {

std::string_view next_segment(std::string_view& rest) {
  const auto slash = rest.find('/');
  const auto segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return segment;
}

constexpr std::string_view rest_of_path = "{rest...}";

bool fits(std::string_view pattern, std::string_view path,
          std::map<std::string, std::string, std::less<>>& values) {
  while (!pattern.empty() || !path.empty()) {
    if (pattern.empty() || path.empty()) return false;
    const auto wanted = next_segment(pattern);
    if (wanted == rest_of_path) {
      values.emplace("rest", path);
      return !path.empty();
    }
    const auto given = next_segment(path);
    const bool wildcard = wanted.size() > 2 && wanted.front() == '{' && wanted.back() == '}';
    if (!wildcard && wanted != given) return false;
    if (wildcard && given.empty()) return false;
    if (wildcard) values.emplace(wanted.substr(1, wanted.size() - 2), given);
  }
  return true;
}

struct Answer {
  int status;
  std::string_view title;
};

Answer answer_for(const Error& error) {
  switch (error.kind()) {
    case Fault::Invalid:
      return {400, "Bad request"};
    case Fault::Refused:
      // A stranger, or by a rule of the record somebody who signed in and may not do this.
      return error.code().empty() ? Answer{401, "Not authorised"} : Answer{403, "Forbidden"};
    case Fault::NotFound:
      return {404, "Not found"};
    case Fault::Conflict:
      return {409, "Conflict"};
    case Fault::TooMuch:
      return {429, "Too many requests"};
    case Fault::Full:
      return {507, "Storage full"};
    case Fault::Unavailable:
      return {503, "Not available now"};
    case Fault::Internal:
      return {500, "Internal error"};
  }
  return {500, "Internal error"};
}

/// Where no rule of the record has a closer word (refusal.hpp).
std::string_view code_for(int status) {
  switch (status) {
    case 401:
      return "signed_out";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "not_allowed";
    case 409:
      return "conflict";
    case 413:
    case 431:
      return "too_large";
    case 415:
      return "wrong_type";
    case 429:
      return "too_many";
    case 500:
      return "internal";
    case 503:
      return "unavailable";
    case 507:
      return "full";
    default:
      return "invalid";
  }
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

Response problem(int status, std::string_view title, std::string_view detail, std::string_view code,
                 std::string_view node) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", title},
                           {"status", status},
                           {"code", code.empty() ? code_for(status) : code},
                           {"detail", detail}};
  if (!node.empty()) body["node"] = node;
  Response response{status, "application/problem+json", boost::json::serialize(body), {}};
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429 || status == 503 || status == 507) {
    response.headers.emplace_back("Retry-After", "5");
  }
  return response;
}

Response problem(const Error& error) {
  const auto [status, title] = answer_for(error);
  return problem(status, title, error.text(), error.code(), error.node());
}

std::optional<std::string_view> bearer_token(const Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto value = request.header("authorization");
  if (!value.starts_with(scheme) || value.size() == scheme.size()) return std::nullopt;
  return value.substr(scheme.size());
}

std::string media_type(const Request& request) {
  return bare_media_type(request.header("content-type"));
}

Routes::Match Routes::match(std::string_view method, std::string_view path) const {
  Match match;
  for (const Route& route : routes_) {
    std::map<std::string, std::string, std::less<>> values;
    if (!fits(route.pattern, path, values)) continue;
    match.path_known = true;
    if (route.method != method) continue;
    match.route = &route;
    match.path_values = std::move(values);
    break;
  }
  return match;
}

}  // namespace jieding::http
