#pragma once
// What the tests of this folder share: a folder that goes away, an io loop, and the words of a
// site.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/domain/reading.hpp"
#include "gateway/milestones/rules.hpp"
#include "sync/database.hpp"

namespace jieding::sync::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "jieding-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// 2024-11-08T04:13:00Z and so many minutes.
inline Instant minute(int minutes) {
  return from_rfc3339("2024-11-08T04:13:00Z").value() + std::chrono::minutes(minutes);
}

inline Stamp synced(Instant at) {
  return {at, TimeQuality::Synced};
}

inline Reading pm10(double value, Instant at, std::string device = "dust-1") {
  Reading reading;
  reading.device = std::move(device);
  reading.quantity = "pm10";
  reading.value = value;
  reading.unit = "ug/m3";
  reading.device_time = at;
  reading.received = synced(at);
  return reading;
}

inline milestones::Statement topping_out(Act act, Owner owner, std::string by, Instant at) {
  milestones::Statement statement;
  statement.milestone = {"b1", "topping_out", 0};
  statement.act = act;
  statement.owner = owner;
  statement.by = std::move(by);
  statement.named_at = at;
  statement.said = synced(at + std::chrono::minutes(1));
  return statement;
}

/// A migrated database in a folder.
inline std::unique_ptr<Database> open_migrated(const std::filesystem::path& folder) {
  auto database = Database::open({folder / "jieding.db", {}, true});
  EXPECT_TRUE(database) << database.error().text();
  const auto migrated = migrate(**database);
  EXPECT_TRUE(migrated) << migrated.error().text();
  return std::move(*database);
}

inline std::int64_t count(Database& database, const std::string& table) {
  return database.integer("select count(*) from " + table, -1).value();
}

/// The value, or a failed test with the error's words.
template <class T>
T good(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    std::abort();
  }
  return std::move(*result);
}
inline void good(const Result<void>& result) {
  ASSERT_TRUE(result) << result.error().text();
}

}  // namespace jieding::sync::test
