#include "sync/numbers.hpp"

namespace jieding::sync::numbers {

Result<std::int64_t> get(Database& database, std::string_view name, std::int64_t otherwise) {
  return database.integer("select value from number where name = ?", otherwise, name);
}

Result<void> set(Database& database, std::string_view name, std::int64_t value) {
  return database.run(
      "insert into number (name, value) values (?, ?)"
      " on conflict (name) do update set value = excluded.value",
      name, value);
}

Result<void> add(Database& database, std::string_view name, std::int64_t more) {
  return database.run(
      "insert into number (name, value) values (?, ?)"
      " on conflict (name) do update set value = value + excluded.value",
      name, more);
}

}  // namespace jieding::sync::numbers
