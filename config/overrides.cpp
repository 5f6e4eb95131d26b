// `--set key.path=value`: sets a value in the parsed file before anything is read from it.

#include "config/sections.hpp"

namespace jieding::config {
namespace {

/// The value as TOML; bare words, addresses and durations are texts.
toml::table parse_value(std::string_view text) {
  try {
    auto parsed = toml::parse("value = " + std::string(text));
    const auto* value = parsed.get("value");
    if (parsed.size() == 1 && !value->is_date() && !value->is_time() && !value->is_date_time()) {
      return parsed;
    }
  } catch (const toml::parse_error&) {
    // not TOML: a bare word
  }
  toml::table plain;
  plain.insert("value", std::string(text));
  return plain;
}

/// The `[[key]]` whose id is `id`.
toml::table* find_entry(toml::array& entries, std::string_view id) {
  for (auto& entry : entries) {
    auto* table = entry.as_table();
    if (table != nullptr && (*table)["id"].value<std::string_view>() == id) return table;
  }
  return nullptr;
}

/// The table below `table` that the next part of a path names; made where there is none.
toml::table* step(toml::table& table, std::string_view key, std::string_view& rest) {
  auto* node = table.get(key);
  if (node == nullptr) return table.insert(key, toml::table{}).first->second.as_table();
  if (auto* entries = node->as_array()) {
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos) return nullptr;
    auto* entry = find_entry(*entries, rest.substr(0, dot));
    rest.remove_prefix(dot + 1);
    return entry;
  }
  return node->as_table();
}

bool set(toml::table& root, std::string_view path, const toml::node& value) {
  auto* table = &root;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const auto key = path.substr(0, dot);
    path.remove_prefix(dot + 1);
    if (key.empty()) return false;
    table = step(*table, key, path);
    if (table == nullptr) return false;
  }
  if (path.empty()) return false;
  // Inserting copies the node, and copies have no place in the file: see Table::complain_at.
  table->insert_or_assign(path, value);
  return true;
}

}  // namespace

void apply_overrides(toml::table& root, std::span<const std::string> overrides, Notes& notes) {
  for (const auto& text : overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      notes.add_override(text, "no value; write --set key.path=value");
      continue;
    }
    const std::string_view path(text.data(), equals);
    const auto value = parse_value(std::string_view(text).substr(equals + 1));
    if (!set(root, path, *value.get("value"))) {
      notes.add_override(path,
                         "leads nowhere; write section.key, or [[section]] by id as in "
                         "camera.mast.every");
    }
  }
}

}  // namespace jieding::config
