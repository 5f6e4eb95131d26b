#include "gateway/web/words.hpp"

#include <boost/json/parse.hpp>
#include <vector>

#include "gateway/web/json_parts.hpp"

namespace jieding::web {

/// The text of words.json. Generated.
std::string_view words_json();

namespace {

const boost::json::value& table() {
  static const boost::json::value parsed = boost::json::parse(words_json());
  return parsed;
}

}  // namespace

std::string fill(std::string_view pattern, std::initializer_list<std::string> values) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto end = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos || end > at + 2) {
      out += pattern[at++];
      continue;
    }
    const std::size_t which =
        end == at + 1 ? next++ : static_cast<std::size_t>(pattern[at + 1] - '0');
    if (which < values.size()) out += *(values.begin() + which);
    at = end + 1;
  }
  return out;
}

std::string Words::operator()(std::string_view group, std::string_view id) const {
  const auto& said = list(part(table(), group), id);
  const std::size_t column = english_ ? 1 : 0;
  if (column >= said.size()) return std::string(id);
  return std::string(said[column].as_string());
}

std::string Words::operator()(std::string_view group, std::string_view id,
                              std::initializer_list<std::string> values) const {
  return fill((*this)(group, id), values);
}

std::string Words::count(std::string_view group, std::string_view id, long long count) const {
  const std::string said = (*this)(group, id);
  const auto bar = said.find('|');
  const bool many = bar != std::string::npos && count != 1;
  return fill(many ? said.substr(bar + 1) : said.substr(0, bar), {std::to_string(count)});
}

}  // namespace jieding::web
