#include "sync/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <unordered_map>
#include <utility>

#include "sync/migrations.hpp"

namespace jieding::sync {
namespace {

constexpr int busy_timeout_ms = 5000;  // another process (`jieding link`) writes for milliseconds

Fault fault_of(int code, int system_errno) {
  const int primary = code & 0xff;
  if (primary == SQLITE_FULL) return Fault::Full;
  // Growing the shared-memory file on a full disk is reported as an input/output error.
  if (primary == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT))
    return Fault::Full;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) return Fault::Unavailable;
  if (primary == SQLITE_CONSTRAINT) return Fault::Conflict;
  return Fault::Internal;
}

int length_of(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

}  // namespace

struct Database::Cache {
  struct Entry {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };
  struct HashOf {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, Entry, HashOf, std::equal_to<>> entries;
};

Statement::Statement(Database& database, sqlite3_stmt* statement, bool* in_use)
    : database_(&database), statement_(statement), in_use_(in_use) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      error_(std::move(other.error_)) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (in_use_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
}

bool Statement::next() {
  if (error_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) error_ = database_->error(code);
  return false;
}

Result<void> Statement::done() const {
  if (error_) return *error_;
  return {};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Statement::view(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int length = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(length));
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
  sqlite3* handle = nullptr;
  const int access =
      options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(options.file.c_str(), &handle, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) return database->error(code).in("open " + options.file.string());
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  if (options.read_only) return database;
  // The log is cut back to 4 MiB after a checkpoint: a burst does not keep a small disk full.
  Result<void> configured = database->script(
      "pragma journal_mode = wal;"
      "pragma foreign_keys = on;"
      "pragma temp_store = memory;"
      "pragma cache_size = -16384;"
      "pragma journal_size_limit = 4194304;");
  if (configured)
    configured = database->script(options.survive_power_loss ? "pragma synchronous = full"
                                                             : "pragma synchronous = off");
  if (!configured) return configured.error().in("open " + options.file.string());
  return database;
}

Database::Database(sqlite3* handle) : handle_(handle), cache_(std::make_unique<Cache>()) {}

Database::~Database() {
  for (auto& [sql, entry] : cache_->entries)
    sqlite3_finalize(entry.statement);
  sqlite3_close(handle_);
}

Error Database::error(int code) const {
  const int extended = handle_ == nullptr ? code : sqlite3_extended_errcode(handle_);
  const int system_errno = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  const char* words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  return {fault_of(extended, system_errno),
          std::string("database: ") + words + " (SQLite " + std::to_string(extended) + ")"};
}

Statement Database::prepare_with(std::string_view sql, const Value* values, std::size_t count,
                                 bool copy) {
  auto entry = cache_->entries.find(sql);
  int code = SQLITE_OK;
  if (entry == cache_->entries.end()) {
    sqlite3_stmt* made = nullptr;
    code = sqlite3_prepare_v3(handle_, sql.data(), length_of(sql), SQLITE_PREPARE_PERSISTENT, &made,
                              nullptr);
    if (code == SQLITE_OK) {
      entry = cache_->entries.emplace(std::string(sql), Cache::Entry{made, false}).first;
    }
  }
  Statement statement(*this, nullptr, nullptr);
  if (code == SQLITE_OK && !entry->second.in_use) {
    statement.statement_ = entry->second.statement;
    statement.in_use_ = &entry->second.in_use;
    entry->second.in_use = true;
  } else if (code == SQLITE_OK) {  // the same text is running further up the stack
    code = sqlite3_prepare_v2(handle_, sql.data(), length_of(sql), &statement.statement_, nullptr);
  }
  for (std::size_t i = 0; i < count && code == SQLITE_OK; ++i)
    code = bind(statement.statement_, static_cast<int>(i) + 1, values[i], copy);
  if (code != SQLITE_OK) statement.error_ = error(code);
  return statement;
}

int Database::bind(sqlite3_stmt* statement, int place, const Value& value, bool copy) {
  // SQLITE_TRANSIENT is an old-style cast; (void*)-1 spelt out.
  const auto lifetime =
      copy ? reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1}) : SQLITE_STATIC;
  // A null pointer would bind NULL where an empty text is meant.
  const char* bytes = value.bytes_.data() == nullptr ? "" : value.bytes_.data();
  switch (value.kind_) {
    case Value::Kind::Null:
      return sqlite3_bind_null(statement, place);
    case Value::Kind::Integer:
      return sqlite3_bind_int64(statement, place, value.integer_);
    case Value::Kind::Real:
      return sqlite3_bind_double(statement, place, value.real_);
    case Value::Kind::Text:
      return sqlite3_bind_text(statement, place, bytes, length_of(value.bytes_), lifetime);
    case Value::Kind::Blob:
      return sqlite3_bind_blob(statement, place, bytes, length_of(value.bytes_), lifetime);
  }
  return SQLITE_MISUSE;
}

Result<void> Database::run_with(std::string_view sql, const Value* values, std::size_t count) {
  Statement statement = prepare_with(sql, values, count, false);
  while (statement.next()) {
  }
  return statement.done();
}

Result<void> Database::script(std::string_view sql) {
  const std::string closed(sql);
  const int code = sqlite3_exec(handle_, closed.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}
std::int64_t Database::total_changes() const {
  return sqlite3_total_changes64(handle_);
}
std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_);
}
bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Result<void> Database::check(std::string_view table) {
  Statement query =
      prepare("pragma quick_check(" + (table.empty() ? "1" : std::string(table)) + ")");
  std::string said;
  if (query.next()) said = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  if (said != "ok") return Error{Fault::Internal, "database is damaged: " + said};
  return {};
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.run("begin immediate"); !begun) return begun.error();
  return Transaction(database);
}
Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
Transaction::~Transaction() {
  rollback();
}
Result<void> Transaction::commit() {
  Result<void> committed = database_->run("commit");
  if (committed) database_ = nullptr;
  return committed;
}
void Transaction::rollback() {
  // SQLite may have rolled back on its own (full disk, input/output error).
  if (database_ != nullptr && database_->in_transaction()) (void)database_->run("rollback");
  database_ = nullptr;
}

Result<Savepoint> Savepoint::begin(Database& database) {
  if (auto begun = database.run("savepoint writer"); !begun) return begun.error();
  return Savepoint(database);
}
Savepoint::Savepoint(Savepoint&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
Savepoint::~Savepoint() {
  rollback();
}
Result<void> Savepoint::release() {
  Result<void> released = database_->run("release writer");
  if (released) database_ = nullptr;
  return released;
}
void Savepoint::rollback() {
  if (database_ != nullptr && database_->in_transaction()) {
    (void)database_->run("rollback to writer");
    (void)database_->run("release writer");
  }
  database_ = nullptr;
}

namespace {

/// The oldest program that may work on what a migration leaves, by the number of migrations that it
/// knows: `-- oldest N` on its first line, else the program that brought it.
std::int64_t oldest_program(std::size_t index) {
  constexpr std::string_view mark = "-- oldest ";
  const std::string_view text = migrations()[index];
  if (!text.starts_with(mark)) return static_cast<std::int64_t>(index) + 1;
  return std::atoll(std::string(text.substr(mark.size(), 8)).c_str());
}

}  // namespace

Result<void> accept_newer(Database& database, std::int64_t version) {
  const auto known = static_cast<std::int64_t>(migrations().size());
  const Result<std::int64_t> oldest = database.integer("pragma application_id", 0);
  if (!oldest) return oldest.error();
  if (*oldest > 0 && *oldest <= known) return {};
  return Error{Fault::Conflict, "the database is of version " + std::to_string(version) +
                                    ", this program knows " + std::to_string(known) +
                                    "; nothing was changed; install the newer jieding or restore "
                                    "a backup"};
}

namespace {

/// Each migration's word on older programs counts from then on; the strictest holds.
Result<void> run_migrations(Database& database, std::size_t from) {
  const Result<std::int64_t> before = database.integer("pragma application_id", 0);
  if (!before) return before.error();
  std::int64_t oldest = *before;
  for (std::size_t next = from; next < migrations().size(); ++next) {
    if (auto done = database.script(migrations()[next]); !done)
      return done.error().in("migration " + std::to_string(next + 1));
    oldest = std::max(oldest, oldest_program(next));
  }
  if (auto done = database.script("pragma application_id = " + std::to_string(oldest)); !done)
    return done;
  return database.script("pragma user_version = " + std::to_string(migrations().size()));
}

}  // namespace

Result<void> migrate(Database& database) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  const Result<std::int64_t> version = database.integer("pragma user_version", 0);
  if (!version) return version.error();
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (*version > known) return accept_newer(database, *version);
  if (*version < known) {
    if (auto done = run_migrations(database, static_cast<std::size_t>(*version)); !done)
      return done;
  }
  return transaction->commit();
}

}  // namespace jieding::sync
