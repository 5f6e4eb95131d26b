#include "sync/household_table.hpp"

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

class HouseholdTableTest : public ::testing::Test {
 protected:
  static HouseholdCount count(const std::string& subject, const std::string& day,
                              int awaiting_return, std::optional<std::uint64_t> corrects = {}) {
    HouseholdCount count;
    count.households = {
        subject, day_from_text(day).value(), awaiting_return, 400 - awaiting_return, 12, {}};
    count.by = "sha256:12";
    count.said = synced(minute(0));
    count.corrects = corrects;
    return count;
  }
  Result<std::uint64_t> record(const HouseholdCount& count) {
    return household_table::record(*database_, ledger_, count);
  }
  std::string dump() {
    std::string text;
    for (const StoredHouseholdCount& one : good(household_table::all(*database_)))
      text += std::to_string(one.ledger_index) + " " + one.count.households.subject + " " +
              jieding::to_text(one.count.households.counted) + " " +
              std::to_string(one.count.households.awaiting_return) + " " +
              std::to_string(one.count.corrects.value_or(0)) + " " +
              std::to_string(one.corrected_by.value_or(0)) + " " + one.count.document_sha256 + "\n";
    return text;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

TEST_F(HouseholdTableTest, ACorrectionStandsBesideWhatItCorrects) {
  const auto wrong = good(record(count("p1", "2026-11-01", 320)));
  const auto right = good(record(count("p1", "2026-11-01", 230, wrong)));
  const auto all = good(household_table::all(*database_));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].count.households.awaiting_return, 320);
  EXPECT_EQ(all[0].corrected_by, right);
  EXPECT_FALSE(all[1].corrected_by);
  EXPECT_NE(good(ledger::leaf(*database_, wrong)).find("\"awaiting_return\":320"),
            std::string::npos);
}

TEST_F(HouseholdTableTest, OneCountOfADayStands) {
  const auto first = good(record(count("p1", "2026-11-01", 320)));
  const auto second = record(count("p1", "2026-11-01", 300));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), Fault::Conflict);
  EXPECT_NE(second.error().text().find("entry " + std::to_string(first)), std::string::npos);
  EXPECT_TRUE(record(count("p2", "2026-11-01", 300)));
  EXPECT_TRUE(record(count("p1", "2026-11-02", 300)));
}

TEST_F(HouseholdTableTest, OnlyWhatStandsIsCorrected) {
  const auto first = good(record(count("p1", "2026-11-01", 320)));
  good(record(count("p1", "2026-11-01", 230, first)));
  const std::string before = dump();
  EXPECT_EQ(record(count("p1", "2026-11-01", 231, first)).error().kind(), Fault::Conflict);
  EXPECT_EQ(record(count("p1", "2026-11-01", 231, 77)).error().kind(), Fault::Conflict);
  EXPECT_EQ(dump(), before);
}

TEST_F(HouseholdTableTest, TheTableIsRebuiltFromLeavesAlone) {
  HouseholdCount shown = count("p1", "2026-11-01", 320);
  shown.document_sha256 = std::string(64, 'a');
  const auto first = good(record(shown));
  good(record(count("p2", "2026-11-01", 10)));
  good(record(count("p1", "2026-11-03", 230, first)));
  const std::string before = dump();
  ASSERT_TRUE(
      database_->run("update household_count set awaiting_return = 0, corrected_by = null,"
                     " counted = 'x' || ledger_index"));
  good(household_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
}

}  // namespace
}  // namespace jieding::sync
