#pragma once
// The only door to SQLite. Statements are prepared once and kept; errors are values that keep
// SQLite's own code in their text.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "gateway/domain/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace jieding::sync {

class Database;

/// One run of a prepared statement, borrowed from its Database for the length of a scope.
/// An error (of preparing, binding or stepping) sticks and comes out of done().
///   Statement query = db.prepare("select ...", a, b);
///   while (query.next()) use(query.integer(0));
///   if (auto done = query.done(); !done) return done.error();
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// True while there is a row.
  bool next();
  Result<void> done() const;

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Text or blob; valid until the next step.
  std::string_view view(int column) const;
  std::string text(int column) const { return std::string(view(column)); }

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement, bool* in_use);

  Database* database_;
  sqlite3_stmt* statement_;
  bool* in_use_;  ///< flag of the cache entry; null: not cached, finalized at the end
  std::optional<Error> error_;
};

/// Bytes that go into a blob column.
struct Blob {
  std::string_view bytes;
};

/// One value to bind. Converts from what our tables hold.
class Value {
 public:
  template <class Integer>
  requires std::is_integral_v<Integer> || std::is_enum_v<Integer> Value(Integer value)
      : kind_(Kind::Integer), integer_(static_cast<std::int64_t>(value)) {}
  Value(double value) : kind_(Kind::Real), real_(value) {}
  Value(std::string_view text) : kind_(Kind::Text), bytes_(text) {}
  Value(const std::string& text) : kind_(Kind::Text), bytes_(text) {}
  Value(const char* text) : kind_(Kind::Text), bytes_(text) {}
  Value(Blob blob) : kind_(Kind::Blob), bytes_(blob.bytes) {}
  Value(std::nullptr_t) : kind_(Kind::Null) {}

 private:
  friend class Database;
  enum class Kind { Null, Integer, Real, Text, Blob };
  Kind kind_;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string_view bytes_;
};

struct DatabaseOptions {
  std::filesystem::path file;
  std::string vfs;  ///< empty: the system's own; tests name theirs
  bool survive_power_loss =
      true;                ///< false only in the test that proves the power-loss test can fail
  bool read_only = false;  ///< for commands beside a running gateway; creates nothing
};

/// One connection: WAL, synchronous=FULL, foreign keys on, waits 5 s for another process.
/// Lives on one thread (the gateway's: journal).
class Database {
 public:
  /// Opens and configures; creates the file. Faults: Full, Unavailable (locked), Internal.
  static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Values are copied into the statement.
  template <class... Values>
  Statement prepare(std::string_view sql, const Values&... values) {
    const Value list[] = {Value(values)..., Value(nullptr)};
    return prepare_with(sql, list, sizeof...(values), true);
  }
  /// Runs a statement to its end; its rows, if any, are ignored.
  template <class... Values>
  Result<void> run(std::string_view sql, const Values&... values) {
    const Value list[] = {Value(values)..., Value(nullptr)};
    return run_with(sql, list, sizeof...(values));
  }
  /// Several statements, uncached: migrations and pragmas.
  Result<void> script(std::string_view sql);
  /// The first column of the first row as an integer; `otherwise` when there is no row or it is
  /// null.
  template <class... Values>
  Result<std::int64_t> integer(std::string_view sql, std::int64_t otherwise,
                               const Values&... values) {
    Statement query = prepare(sql, values...);
    std::int64_t found = otherwise;
    if (query.next() && !query.is_null(0)) found = query.integer(0);
    if (auto done = query.done(); !done) return done.error();
    return found;
  }

  std::int64_t changes() const;        ///< rows changed by the last statement
  std::int64_t total_changes() const;  ///< since the connection was opened
  std::int64_t last_insert_id() const;
  bool in_transaction() const;  ///< false after SQLite rolled back on its own
  /// SQLite's quick check (structure, not indices) of one table, or of the whole file when empty.
  /// Internal with the first complaint.
  Result<void> check(std::string_view table);
  /// What SQLite says about its last failure on this connection.
  Error error(int code) const;

 private:
  friend class Statement;
  struct Cache;
  explicit Database(sqlite3* handle);
  Statement prepare_with(std::string_view sql, const Value* values, std::size_t count, bool copy);
  static int bind(sqlite3_stmt* statement, int place, const Value& value, bool copy);
  Result<void> run_with(std::string_view sql, const Value* values, std::size_t count);

  sqlite3* handle_;
  std::unique_ptr<Cache> cache_;
};

/// Begins at once (immediate); rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();
  void rollback();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  ///< null: over
};

/// A part of a transaction that can be taken back alone; rolls back unless released.
class Savepoint {
 public:
  static Result<Savepoint> begin(Database& database);
  Savepoint(Savepoint&& other) noexcept;
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(Savepoint&&) = delete;
  ~Savepoint();
  Result<void> release();
  void rollback();

 private:
  explicit Savepoint(Database& database) : database_(&database) {}
  Database* database_;  ///< null: over
};

/// Brings the schema up to what this program knows (migrations/*.sql, in order, in one
/// transaction). A newer database is left as it is: this program works on it where its migrations
/// say that programs this old may (`-- oldest N`), else it is refused with Conflict.
Result<void> migrate(Database& database);

}  // namespace jieding::sync
