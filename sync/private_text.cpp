#include "sync/private_text.hpp"

namespace jieding::sync::private_text {

Result<void> put(Database& database, const std::string& sha256, const std::string& words,
                 Instant at) {
  if (words.empty()) return {};
  return database.run(
      "insert into private_text (sha256, words, at) values (?, ?, ?) on conflict do nothing",
      sha256, words, at.time_since_epoch().count());
}

Result<std::optional<std::string>> find(Database& database, const std::string& sha256) {
  std::optional<std::string> words;
  Statement query = database.prepare("select words from private_text where sha256 = ?", sha256);
  if (query.next()) words = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  return words;
}

}  // namespace jieding::sync::private_text
