#include "gateway/web/language.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/web/cookie.hpp"

namespace jieding::web {
namespace {

constexpr std::string_view cookie_name = "jieding_language";

std::string_view asked_for(const http::Request& request) {
  const auto lang = request.query.find("lang");
  return lang == request.query.end() ? std::string_view{} : std::string_view(lang->second);
}

std::string_view trimmed(std::string_view text) {
  const auto from = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

/// Of `en-GB;q=0.8` the 800; a weight that is none counts as zero.
int weight(std::string_view range) {
  const auto q = range.find("q=");
  if (q == std::string_view::npos) return 1000;
  const auto digits = range.substr(q + 2);
  if (digits.starts_with('1')) return 1000;
  if (!digits.starts_with("0.")) return 0;
  int thousandths = 0;
  const auto read = digits.substr(2, 3);
  const auto end = std::from_chars(read.data(), read.data() + read.size(), thousandths).ptr;
  for (auto places = end - read.data(); places < 3; ++places)
    thousandths *= 10;
  return thousandths;
}

/// How much Accept-Language wants a language, of all its ranges.
int wanted(std::string_view header, std::string_view language) {
  int most = 0;
  while (!header.empty()) {
    const auto comma = header.find(',');
    const auto range = trimmed(header.substr(0, comma));
    const auto tag = range.substr(0, range.find_first_of("-;"));
    if (trimmed(tag) == language) most = std::max(most, weight(range));
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
  }
  return most;
}

}  // namespace

bool wants_english(const http::Request& request) {
  for (const auto chosen : {asked_for(request), cookie(request, cookie_name)})
    if (chosen == "en" || chosen == "zh") return chosen == "en";
  const auto header = request.header("accept-language");
  return wanted(header, "en") > wanted(header, "zh");
}

std::string language_cookie(const http::Request& request) {
  const auto asked = asked_for(request);
  if (asked != "en" && asked != "zh") return {};
  return std::string(cookie_name) + "=" + std::string(asked) +
         "; Max-Age=31536000; Path=/; SameSite=Lax";
}

}  // namespace jieding::web
