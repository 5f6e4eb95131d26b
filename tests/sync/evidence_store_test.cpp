#include "sync/evidence_store.hpp"

#include <fstream>

#include "sync/hash.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;

class EvidenceStoreTest : public ::testing::Test {
 protected:
  std::string keep_and_record(const std::string& jpeg) {
    const std::string sha256 = good(store_.keep(jpeg));
    good(store_.record(*database_, {sha256, "masked", "mast", "", minute(0),
                                    static_cast<std::int64_t>(jpeg.size())}));
    return sha256;
  }
  std::filesystem::path file_of(const std::string& sha256) {
    return folder_.path() / "evidence" / sha256.substr(0, 2) / (sha256 + ".jpg");
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  EvidenceStore store_{real_files(), folder_.path() / "evidence"};
};

TEST_F(EvidenceStoreTest, PictureIsNamedByItsContent) {
  const std::string sha256 = keep_and_record("jpeg bytes");
  EXPECT_EQ(sha256, sha256_hex("jpeg bytes"));
  EXPECT_TRUE(std::filesystem::exists(file_of(sha256)));
  EXPECT_EQ(good(store_.read(*database_, sha256)), "jpeg bytes");
  EXPECT_EQ(keep_and_record("jpeg bytes"), sha256);
}

TEST_F(EvidenceStoreTest, WhatTheRecordDoesNotNameIsNotFound) {
  const std::string sha256 = good(store_.keep("never recorded"));
  const Result<std::string> read = store_.read(*database_, sha256);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind(), Fault::NotFound);
}

TEST_F(EvidenceStoreTest, ChangedFileIsNotGivenOut) {
  const std::string sha256 = keep_and_record("jpeg bytes");
  std::ofstream(file_of(sha256)) << "something else";
  const Result<std::string> read = store_.read(*database_, sha256);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind(), Fault::Internal);
  std::filesystem::remove(file_of(sha256));
  EXPECT_EQ(store_.read(*database_, sha256).error().kind(), Fault::Internal);
}

TEST_F(EvidenceStoreTest, OrphansAreSwept) {
  const std::string kept = keep_and_record("kept");
  const std::string orphan = good(store_.keep("orphan"));
  std::ofstream(file_of(kept).string() + ".new") << "half";
  EXPECT_EQ(good(store_.sweep(*database_)), 2u);
  EXPECT_TRUE(std::filesystem::exists(file_of(kept)));
  EXPECT_FALSE(std::filesystem::exists(file_of(orphan)));
}

}  // namespace
}  // namespace jieding::sync
