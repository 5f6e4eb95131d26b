#include "tests/bench/ingest_sqlite.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace jieding::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t most_rows = 200'000;  ///< kept in memory; used again with later times
constexpr std::int64_t lap_ms = 400LL * 86'400'000;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

struct Row {
  std::int64_t series, at, nth;
  double value;
  std::int64_t unit, received, quality;
  std::string flag;
};

void check(int code, const Handle& handle) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(handle.get()));
  }
}

Handle open(const fs::path& file, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  Handle handle(raw);
  check(code, handle);
  sqlite3_busy_timeout(raw, 5000);
  return handle;
}

void run(const Handle& handle, const std::string& sql) {
  check(sqlite3_exec(handle.get(), sql.c_str(), nullptr, nullptr, nullptr), handle);
}

Statement prepare(const Handle& handle, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  check(sqlite3_prepare_v2(handle.get(), sql.c_str(), -1, &raw, nullptr), handle);
  return Statement(raw);
}

std::string column_text(const Statement& statement, int column) {
  const auto* text = sqlite3_column_text(statement.get(), column);
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

/// What made the table and its indexes in the gateway's database.
std::vector<std::string> layout(const Handle& gateway) {
  std::vector<std::string> statements;
  const auto query = prepare(gateway,
                             "select sql from sqlite_master where tbl_name = 'reading' and "
                             "sql is not null order by type desc");
  while (sqlite3_step(query.get()) == SQLITE_ROW)
    statements.push_back(column_text(query, 0));
  return statements;
}

/// The newest rows, in the order in which they came.
std::vector<Row> rows_of(const Handle& gateway) {
  std::vector<Row> rows;
  const auto query = prepare(
      gateway,
      "select series, at, nth, value, unit, received, quality, flag from reading where id > "
      "(select max(id) from reading) - " +
          std::to_string(most_rows) + " order by id");
  while (sqlite3_step(query.get()) == SQLITE_ROW) {
    const auto integer = [&](int column) { return sqlite3_column_int64(query.get(), column); };
    rows.push_back({integer(0), integer(1), integer(2), sqlite3_column_double(query.get(), 3),
                    integer(4), integer(5), integer(6), column_text(query, 7)});
  }
  return rows;
}

void insert(const Handle& handle, const Statement& into, const Row& row, std::int64_t later) {
  sqlite3_stmt* const statement = into.get();
  sqlite3_bind_int64(statement, 1, row.series);
  sqlite3_bind_int64(statement, 2, row.at + later);
  sqlite3_bind_int64(statement, 3, row.nth);
  sqlite3_bind_double(statement, 4, row.value);
  sqlite3_bind_int64(statement, 5, row.unit);
  sqlite3_bind_int64(statement, 6, row.received);
  sqlite3_bind_int64(statement, 7, row.quality);
  sqlite3_bind_text(statement, 8, row.flag.c_str(), -1, SQLITE_STATIC);
  check(sqlite3_step(statement), handle);
  sqlite3_reset(statement);
}

}  // namespace

double raw_sqlite_rate(const fs::path& gateway_database, std::size_t rows_per_commit,
                       double seconds) {
  const Handle gateway = open(gateway_database, SQLITE_OPEN_READONLY);
  const std::vector<Row> rows = rows_of(gateway);
  const fs::path file = gateway_database.parent_path().parent_path() / "yardstick.db";
  if (rows.empty()) throw std::runtime_error("the gateway has stored nothing");
  double rate = 0;
  {
    const Handle own = open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    run(own,
        "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384;"
        "pragma temp_store = memory; pragma journal_size_limit = 4194304");
    for (const std::string& statement : layout(gateway))
      run(own, statement);
    const auto into = prepare(own,
                              "insert into reading (series, at, nth, value, unit, received, "
                              "quality, flag) values (?, ?, ?, ?, ?, ?, ?, ?)");
    const auto begun = Clock::now();
    std::size_t count = 0;
    std::chrono::duration<double> took{};
    while (took.count() < seconds) {
      run(own, "begin immediate");
      for (std::size_t i = 0; i < rows_per_commit; ++i, ++count) {
        const auto lap = static_cast<std::int64_t>(count / rows.size());
        insert(own, into, rows[count % rows.size()], lap * lap_ms);
      }
      run(own, "commit");
      took = Clock::now() - begun;
    }
    rate = static_cast<double>(count) / took.count();
  }
  for (const char* end : {"", "-wal", "-shm"})
    fs::remove(file.string() + end);
  return rate;
}

}  // namespace jieding::bench
