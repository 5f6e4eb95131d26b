// What an older program left is brought further with all that is in it; what a newer one left is
// used where that one says so, else refused and left as it is.

#include "sync/migrations.hpp"

#include <cstdio>
#include <map>

#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::count;
using test::good;

/// As a program left it that knew so many migrations.
std::unique_ptr<Database> left_by(std::size_t version, const std::filesystem::path& folder) {
  auto database = good(Database::open({folder / "jieding.db", {}, true}));
  for (std::size_t index = 0; index < version; ++index)
    good(database->script(migrations()[index]));
  good(database->script("pragma user_version = " + std::to_string(version)));
  return database;
}

std::vector<std::string> names(Database& database, const std::string& query) {
  std::vector<std::string> found;
  Statement row = database.prepare(query);
  while (row.next())
    found.push_back(row.text(0));
  good(row.done());
  return found;
}

std::vector<std::string> tables(Database& database) {
  return names(database,
               "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'");
}

/// A row in each table that has none yet, with a value of its type in each column.
void fill(Database& database) {
  for (const std::string& table : tables(database)) {
    if (count(database, table) > 0) continue;
    const auto values = names(database,
                              "select case type when 'text' then '''x''' when 'blob' then "
                              "'x''00''' else '0' end from pragma_table_info('" +
                                  table + "')");
    std::string list;
    for (const std::string& value : values)
      list += (list.empty() ? "" : ", ") + value;
    good(database.script("insert into " + table + " values (" + list + ")"));
  }
}

TEST(Migration, AnyOlderDatabaseIsBroughtFurtherWithAllThatItHolds) {
  for (std::size_t version = 0; version < migrations().size(); ++version) {
    const test::TempFolder folder, fresh;
    const auto database = left_by(version, folder.path());
    fill(*database);
    std::map<std::string, std::int64_t> before;
    for (const std::string& table : tables(*database))
      before[table] = count(*database, table);
    good(migrate(*database));
    for (const auto& [table, rows] : before)
      EXPECT_GE(count(*database, table), rows) << table << " of version " << version;
    const std::string schema = "select coalesce(sql, name) from sqlite_master order by type, name";
    EXPECT_EQ(names(*database, schema), names(*test::open_migrated(fresh.path()), schema));
  }
}

/// A program that no newer one names may not be gone back to: each says it, one way or the other.
/// The first ten are older than the mark.
TEST(Migration, EachSaysWhichProgramsMayStillWorkOnWhatItLeaves) {
  for (std::size_t index = 10; index < migrations().size(); ++index) {
    int oldest = 0;
    const std::string first_line(migrations()[index].substr(0, migrations()[index].find('\n')));
    ASSERT_EQ(std::sscanf(first_line.c_str(), "-- oldest %d", &oldest), 1)
        << "migration " << index + 1 << " begins with: " << first_line;
    EXPECT_GE(oldest, 10);
    EXPECT_LE(oldest, static_cast<int>(index) + 1);
  }
}

/// What a program leaves that is newer by one migration.
void bring_further(Database& database, int oldest) {
  const auto known = good(database.integer("pragma user_version", 0));
  good(database.script("alter table number add column note text not null default ''"));
  good(database.script("pragma application_id = " + std::to_string(oldest)));
  good(database.script("pragma user_version = " + std::to_string(known + 1)));
}

TEST(Migration, NewerDatabaseIsRefusedAndLeftAsItIs) {
  const test::TempFolder folder;
  auto database = test::open_migrated(folder.path());
  const auto known = good(database->integer("pragma user_version", 0));
  bring_further(*database, static_cast<int>(known) + 1);
  const auto schema = good(database->integer("pragma schema_version", 0));
  const Result<void> again = migrate(*database);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind(), Fault::Conflict);
  EXPECT_NE(again.error().text().find(std::to_string(known + 1)), std::string::npos)
      << again.error().text();
  EXPECT_EQ(good(database->integer("pragma schema_version", 0)), schema);
  EXPECT_EQ(good(database->integer("pragma user_version", 0)), known + 1);
}

TEST(Migration, NewerDatabaseThatOlderProgramsMayUseIsUsed) {
  const test::TempFolder folder;
  auto database = test::open_migrated(folder.path());
  const auto known = good(database->integer("pragma user_version", 0));
  bring_further(*database, static_cast<int>(known));
  good(migrate(*database));
  good(database->run("insert into number (name, value) values ('kept', 5)"));
  EXPECT_EQ(good(database->integer("pragma user_version", 0)), known + 1) << "it stays newer";
}

TEST(Migration, TwiceChangesNothing) {
  const test::TempFolder folder;
  auto database = test::open_migrated(folder.path());
  good(database->run("insert into number values ('kept', 5)"));
  good(migrate(*database));
  EXPECT_EQ(count(*database, "number"), 1);
}

}  // namespace
}  // namespace jieding::sync
