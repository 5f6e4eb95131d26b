#include "config/table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "config/words.hpp"

namespace jieding::config {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t longest_text = 1000;
constexpr std::size_t longest_list = 10'000;

std::string number_text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A text that a person could have written: short, one line.
bool is_plain_text(const toml::node& node) {
  const auto* text = node.as_string();
  return text != nullptr && text->get().size() <= longest_text &&
         !has_control_character(text->get());
}

std::optional<Point> point(const toml::node& node) {
  const auto* pair = node.as_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const auto x = (*pair)[0].value<double>();
  const auto y = (*pair)[1].value<double>();
  if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y)) return std::nullopt;
  return Point{*x, *y};
}

}  // namespace

void Notes::add_override(std::string_view key_path, std::string_view text) {
  add(0, "--set " + std::string(key_path) + ": " + std::string(text));
}

Complaints Notes::complaints() const {
  auto sorted = notes_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Note& a, const Note& b) { return a.line < b.line; });
  Complaints texts;
  for (const auto& note : sorted) {
    texts.push_back(note.line == 0 ? note.text
                                   : file_ + ":" + std::to_string(note.line) + ": " + note.text);
  }
  return texts;
}

const toml::node* Table::find(std::string_view key) {
  asked_.emplace_back(key);
  return table_->get(key);
}

std::string Table::key_path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Table::complain_at(const toml::source_region& where, std::string_view key,
                        std::string_view text) {
  // Copies of nodes lose their place in the file: that is how overrides.cpp marks what it sets.
  if (where.begin.line == 0) return notes_->add_override(key_path(key), text);
  notes_->add(where.begin.line, key_path(key) + ": " + std::string(text));
}

void Table::complain(std::string_view key, std::string_view text) {
  const auto* node = table_->get(key);
  if (node != nullptr) return complain_at(node->source(), key, text);
  complain_at(table_->source(), key, text);
}

bool Table::wrong(std::string_view key, std::string_view what_to_write) {
  complain(key, "wrong value; write " + std::string(what_to_write));
  return false;
}

bool Table::must_have(std::string_view key, std::string_view example) {
  if (find(key) != nullptr) return true;
  complain(key, "missing; add " + std::string(key) + " = " + std::string(example));
  return false;
}

bool Table::text(std::string_view key, std::string& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  if (!is_plain_text(*node) || node->as_string()->get().empty()) {
    return wrong(key, "one line of text in quotes");
  }
  into = node->as_string()->get();
  return true;
}

bool Table::id(std::string_view key, std::string& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  if (!node->is_string() || !is_id(node->as_string()->get())) {
    return wrong(key, "1 to 32 of a-z, 0-9 and -, not beginning with -, in quotes");
  }
  into = node->as_string()->get();
  return true;
}

std::optional<std::size_t> Table::choice(std::string_view key,
                                         std::span<const std::string_view> words) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* written = node->as_string();
  const auto found =
      written == nullptr ? words.end() : std::find(words.begin(), words.end(), written->get());
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  wrong(key, "one of " + list(words) + ", in quotes");
  return std::nullopt;
}

bool Table::integer(std::string_view key, std::int64_t& into, Range<std::int64_t> range) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < range.least || value->get() > range.most) {
    return wrong(key, "a whole number from " + std::to_string(range.least) + " to " +
                          std::to_string(range.most) + ", without quotes");
  }
  into = value->get();
  return true;
}

bool Table::integer(std::string_view key, int& into, Range<int> range) {
  std::int64_t value = 0;
  if (!integer(key, value, Range<std::int64_t>{range.least, range.most})) return false;
  into = static_cast<int>(value);
  return true;
}

bool Table::number(std::string_view key, double& into, Range<double> range) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  // Written so that "not a number" is refused too.
  if (!value || !(*value >= range.least && *value <= range.most)) {
    return wrong(key, "a number from " + number_text(range.least) + " to " +
                          number_text(range.most) + ", without quotes");
  }
  into = *value;
  return true;
}

bool Table::boolean(std::string_view key, bool& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  if (!node->is_boolean()) return wrong(key, "true or false, without quotes");
  into = node->as_boolean()->get();
  return true;
}

bool Table::duration(std::string_view key, milliseconds& into, Range<milliseconds> range) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto value = node->is_string() ? parse_duration(node->as_string()->get()) : std::nullopt;
  if (!value || *value < range.least || *value > range.most) {
    return wrong(key, "a duration from " + to_text(range.least) + " to " + to_text(range.most) +
                          " in quotes, such as \"500ms\", \"10s\", \"2m\"");
  }
  into = *value;
  return true;
}

bool Table::day(std::string_view key, SiteDay& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* written = node->as_string();
  const auto value =
      written == nullptr ? std::nullopt : std::optional(day_from_text(written->get()));
  if (!value || !*value) return wrong(key, "a date in quotes, such as \"2024-05-30\"");
  into = **value;
  return true;
}

fs::path Table::resolve(const std::string& text, bool overridden) const {
  const fs::path written(text);
  if (written.is_absolute()) return written.lexically_normal();
  // Secrets live with the box's state, not beside a file that people pass around.
  const auto normal = written.lexically_normal();
  if (*normal.begin() == "secrets") return (folders_->state / normal).lexically_normal();
  return ((overridden ? folders_->working : folders_->file) / normal).lexically_normal();
}

bool Table::path(std::string_view key, fs::path& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  if (!is_plain_text(*node) || node->as_string()->get().empty()) {
    return wrong(key, "a path in quotes, relative to this file or absolute");
  }
  into = resolve(node->as_string()->get(), node->source().begin.line == 0);
  return true;
}

bool Table::text_list(std::string_view key, std::vector<std::string>& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* written = node->as_array();
  if (written == nullptr || written->size() > longest_list ||
      !std::all_of(written->begin(), written->end(), is_plain_text)) {
    return wrong(key, "a list of texts, such as [\"one\", \"two\"]");
  }
  into.clear();
  for (const auto& item : *written)
    into.push_back(item.as_string()->get());
  return true;
}

bool Table::text_table(std::string_view key, TextTable& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* written = node->as_table();
  if (written == nullptr) return wrong(key, "a table of texts, such as { one = \"two\" }");
  TextTable values;
  for (const auto& [name, value] : *written) {
    if (!is_plain_text(value)) {
      complain_at(value.source(), std::string(key) + "." + std::string(name.str()),
                  "wrong value; write one line of text in quotes");
      return false;
    }
    values.emplace(name.str(), value.as_string()->get());
  }
  into = std::move(values);
  return true;
}

bool Table::numbers(std::string_view key, std::vector<double>& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* written = node->as_array();
  std::vector<double> read;
  for (std::size_t i = 0; written != nullptr && i < std::min(written->size(), longest_list); ++i) {
    const auto one = (*written)[i].value<double>();
    if (one && std::isfinite(*one)) read.push_back(*one);
  }
  if (written == nullptr || read.size() != written->size()) {
    return wrong(key, "a list of numbers, such as [1280, 720]");
  }
  into = std::move(read);
  return true;
}

bool Table::points(std::string_view key, std::vector<Point>& into) {
  const auto* node = find(key);
  if (node == nullptr) return false;
  const auto* written = node->as_array();
  std::vector<Point> read;
  for (std::size_t i = 0; written != nullptr && i < std::min(written->size(), longest_list); ++i) {
    if (const auto one = point((*written)[i])) read.push_back(*one);
  }
  if (written == nullptr || read.size() != written->size()) {
    return wrong(key,
                 "points in pixels from the left and from the top, such as [[10, 20], [30, 40]]");
  }
  into = std::move(read);
  return true;
}

std::optional<Table> Table::table(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) {
    wrong(key, "a table: [" + key_path(key) + "] and its keys below");
    return std::nullopt;
  }
  return Table(*node->as_table(), key_path(key), *folders_, *notes_);
}

std::vector<Table> Table::tables(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return {};
  const auto* written = node->as_array();
  if (written == nullptr || !std::all_of(written->begin(), written->end(),
                                         [](const auto& item) { return item.is_table(); })) {
    wrong(key, "[[" + key_path(key) + "]] with two brackets and its keys below, once for each");
    return {};
  }
  std::vector<Table> all;
  for (const auto& item : *written) {
    const auto id = (*item.as_table())["id"].value<std::string>();
    const auto path = key_path(key) + (id && is_id(*id) ? "." + *id : "");
    all.emplace_back(*item.as_table(), path, *folders_, *notes_);
  }
  return all;
}

std::vector<std::string> Table::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : *table_)
    names.emplace_back(key.str());
  return names;
}

void Table::refuse_unknown() {
  std::vector<std::string_view> known(asked_.begin(), asked_.end());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  for (const auto& [key, value] : *table_) {
    if (std::binary_search(known.begin(), known.end(), key.str())) continue;
    const auto meant = nearest(key.str(), known);
    const auto what_to_do = meant.empty() ? "remove it (known here: " + list(known) + ")"
                                          : "did you mean " + quoted(meant) + "?";
    const auto& where = key.source().begin.line == 0 ? value.source() : key.source();
    complain_at(where, key.str(), "unknown key; " + what_to_do);
  }
}

}  // namespace jieding::config
