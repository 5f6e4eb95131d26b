#include "sync/camera_table.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

class CameraTableTest : public ::testing::Test {
 protected:
  static CameraChange change(const std::string& camera, const std::string& setup, int at) {
    CameraChange change;
    change.camera = camera;
    change.by = "sha256:12";
    change.said = synced(minute(at));
    if (!setup.empty()) change.setup = boost::json::parse(setup).as_object();
    return change;
  }
  std::uint64_t record(const CameraChange& change) {
    return good(camera_table::record(*database_, ledger_, change));
  }
  std::string dump() {
    std::string text;
    for (const StoredCameraSetup& one : good(camera_table::all(*database_)))
      text += one.camera + " " + std::to_string(one.index) + " " + to_rfc3339(one.at) + " " +
              boost::json::serialize(one.setup.at("masks")) + "\n";
    return text;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  Ledger ledger_{"hz-demo", "gw1", Signer::from_seed("jieding/hz-demo/gw1", {}).value()};
};

const std::string first = R"({"facades":[],"masks":[[[0,0],[9.5,0],[0,9]]]})";
const std::string second = R"({"facades":[],"masks":[]})";

TEST_F(CameraTableTest, TheLastWordOfEachCameraHolds) {
  record(change("mast", first, 0));
  record(change("gate", first, 1));
  const auto last = record(change("mast", second, 2));
  const auto all = good(camera_table::all(*database_));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].camera, "mast");
  EXPECT_EQ(all[1].index, last);
  EXPECT_TRUE(all[1].setup.at("masks").as_array().empty());
}

TEST_F(CameraTableTest, WhatIsTakenBackIsGoneButStaysInTheLedger) {
  const auto set = record(change("mast", first, 0));
  const auto taken = record(change("mast", "", 1));
  EXPECT_TRUE(good(camera_table::all(*database_)).empty());
  EXPECT_NE(good(ledger::leaf(*database_, set)).find("\"act\":\"set_up\""), std::string::npos);
  EXPECT_NE(good(ledger::leaf(*database_, taken)).find("\"act\":\"take_back\""), std::string::npos);
}

TEST_F(CameraTableTest, TheTableIsRebuiltFromLeavesAlone) {
  record(change("mast", first, 0));
  record(change("gate", second, 1));
  record(change("gate", "", 2));
  record(change("mast", second, 3));
  record(change("yard", first, 4));
  const std::string before = dump();
  ASSERT_TRUE(database_->run("update camera_setup set setup = '{}', ledger_index = 99"));
  good(camera_table::rebuild(*database_));
  EXPECT_EQ(dump(), before);
}

}  // namespace
}  // namespace jieding::sync
