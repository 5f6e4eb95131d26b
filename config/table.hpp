#pragma once
// One TOML table, read key by key. It knows where everything stands and which keys were asked for,
// so that a wrong value and an unknown key are both told with file, line and what to do.

#include <toml++/toml.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace jieding::config {

/// All that is wrong with one file, in the order of its lines.
class Notes {
 public:
  explicit Notes(std::string file) : file_(std::move(file)) {}
  void add(std::uint32_t line, std::string text) { notes_.push_back({line, std::move(text)}); }
  /// About a value that stands on no line, but in `--set KEY.PATH=VALUE`.
  void add_override(std::string_view key_path, std::string_view text);
  bool empty() const { return notes_.empty(); }
  Complaints complaints() const;

 private:
  struct Note {
    std::uint32_t line;  ///< 0: the text says itself where
    std::string text;
  };
  std::string file_;
  std::vector<Note> notes_;
};

/// Where relative paths lead.
struct Folders {
  std::filesystem::path file;     ///< of the configuration file
  std::filesystem::path working;  ///< of an override
  std::filesystem::path state;    ///< of `secrets/...`
};

template <class T>
struct Range {
  T least;
  T most;
};

/// A reader over one table. `into` is left alone where the file does not name the key (the default
/// then stands) or where the value is wrong (a complaint then stands). True: a value was read.
class Table {
 public:
  Table(const toml::table& table, std::string path, const Folders& folders, Notes& notes)
      : table_(&table), path_(std::move(path)), folders_(&folders), notes_(&notes) {}

  bool has(std::string_view key) const { return table_->contains(key); }
  /// Complains where the key is missing.
  bool must_have(std::string_view key, std::string_view example);

  bool text(std::string_view key, std::string& into);
  bool id(std::string_view key, std::string& into);
  /// One of `words`; gives the word's number.
  std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> words);
  bool integer(std::string_view key, std::int64_t& into, Range<std::int64_t> range);
  bool integer(std::string_view key, int& into, Range<int> range);
  bool number(std::string_view key, double& into, Range<double> range);
  bool boolean(std::string_view key, bool& into);
  bool duration(std::string_view key, std::chrono::milliseconds& into,
                Range<std::chrono::milliseconds> range);
  bool day(std::string_view key, SiteDay& into);
  bool path(std::string_view key, std::filesystem::path& into);
  bool text_list(std::string_view key, std::vector<std::string>& into);
  bool text_table(std::string_view key, TextTable& into);
  bool numbers(std::string_view key, std::vector<double>& into);
  bool points(std::string_view key, std::vector<Point>& into);

  /// The table `[key]`; none where it is missing or no table.
  std::optional<Table> table(std::string_view key);
  /// All `[[key]]`, each named by its id in messages.
  std::vector<Table> tables(std::string_view key);

  /// Complains about the key's value, or about the table where the key is missing.
  void complain(std::string_view key, std::string_view text);
  /// Complains about every key that nobody asked for.
  void refuse_unknown();
  /// Names of all keys of the table.
  std::vector<std::string> keys() const;

 private:
  const toml::node* find(std::string_view key);
  bool wrong(std::string_view key, std::string_view what_to_write);
  std::string key_path(std::string_view key) const;
  void complain_at(const toml::source_region& where, std::string_view key, std::string_view text);
  std::filesystem::path resolve(const std::string& text, bool overridden) const;

  const toml::table* table_;
  std::string path_;  ///< `uplink`, `camera.mast`; empty: the whole file
  const Folders* folders_;
  Notes* notes_;
  std::vector<std::string> asked_;
};

}  // namespace jieding::config
