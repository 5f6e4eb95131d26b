#include "config/without_secrets.hpp"

#include <sstream>

#include "config/toml_file.hpp"

namespace jieding::config {
namespace {

constexpr std::string_view instead = "[left out]";

/// Keys that hold a secret themselves; `..._file` only names one.
bool is_secret(std::string_view key) {
  if (key.ends_with("_file")) return false;
  if (key == "pw") return true;
  for (const std::string_view part : {"password", "passwd", "secret", "token"}) {
    if (key.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// `rtsp://user:password@host/` and queries, in which some cameras want a password.
std::string without_credentials(const std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  std::string safe = text;
  const auto query = safe.find('?', scheme);
  if (query != std::string::npos) safe.replace(query + 1, std::string::npos, instead);
  const auto place = scheme + 3;
  const auto at = safe.rfind('@', safe.find_first_of("/?", place));
  if (at != std::string::npos && at > place) safe.replace(place, at - place, instead);
  return safe;
}

void clean(toml::table& table);

void clean(toml::node& node, bool secret) {
  if (auto* text = node.as_string()) {
    text->get() = secret ? std::string(instead) : without_credentials(text->get());
  } else if (auto* list = node.as_array()) {
    for (auto& item : *list)
      clean(item, secret);
  } else if (auto* table = node.as_table()) {
    clean(*table);
  }
}

void clean(toml::table& table) {
  for (auto&& [key, node] : table)
    clean(node, is_secret(key.str()));
}

}  // namespace

Result<std::string> without_secrets(std::string_view text) {
  Notes notes("configuration");
  auto parsed = parse(text, notes);
  if (!parsed) return Error{Fault::Invalid, notes.complaints().front()};
  clean(*parsed);
  std::ostringstream out;
  out << toml::toml_formatter(*parsed) << '\n';
  return out.str();
}

}  // namespace jieding::config
