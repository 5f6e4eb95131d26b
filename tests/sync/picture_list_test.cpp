#include "sync/picture_list.hpp"

#include <fstream>

#include "sync/evidence_store.hpp"
#include "sync/state_folder.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;

class PictureListTest : public ::testing::Test {
 protected:
  std::string keep(int at, const std::string& jpeg, const std::string& kind = "masked",
                   const std::string& camera = "mast") {
    const std::string sha256 = good(store_.keep(jpeg));
    good(store_.record(*database_, {sha256, kind, camera, "", minute(at), 1}));
    return sha256;
  }

  test::TempFolder folder_;
  std::unique_ptr<Database> database_ = test::open_migrated(folder_.path());
  EvidenceStore store_{real_files(), folder_.path() / "evidence"};
};

TEST_F(PictureListTest, MaskedPicturesOfOneCameraInOrder) {
  keep(7, "later");
  keep(3, "sooner");
  keep(4, "drawn on", "overlay");
  keep(5, "elsewhere", "masked", "crane");
  keep(9, "too late");
  const auto reader = good(open_to_read(folder_.path()));
  const auto found = good(masked_pictures(*reader, "mast", minute(3), minute(9)));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(good(read_picture(*reader, folder_.path(), found[0].sha256)), "sooner");
  EXPECT_EQ(good(read_picture(*reader, folder_.path(), found[1].sha256)), "later");
  EXPECT_EQ(found[1].taken, minute(7));
}

TEST_F(PictureListTest, ReaderSeesWhatAGatewayCommitsAndCannotWrite) {
  const auto reader = good(open_to_read(folder_.path()));
  EXPECT_TRUE(good(masked_pictures(*reader, "mast", minute(0), minute(9))).empty());
  keep(1, "new");
  EXPECT_EQ(good(masked_pictures(*reader, "mast", minute(0), minute(9))).size(), 1u);
  EXPECT_FALSE(reader->run("delete from evidence"));
  EXPECT_EQ(test::count(*database_, "evidence"), 1);
}

TEST_F(PictureListTest, ChangedFileIsSaidSo) {
  const std::string sha256 = keep(1, "jpeg bytes");
  std::ofstream(folder_.path() / "evidence" / sha256.substr(0, 2) / (sha256 + ".jpg")) << "torn";
  const auto reader = good(open_to_read(folder_.path()));
  const auto read = read_picture(*reader, folder_.path(), sha256);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text().find("changed"), std::string::npos);
}

TEST_F(PictureListTest, NoStateFolderIsMadeByLooking) {
  const auto nowhere = folder_.path() / "nowhere";
  const auto reader = open_to_read(nowhere);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind(), Fault::NotFound);
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

TEST_F(PictureListTest, OtherVersionIsRefused) {
  good(database_->script("pragma user_version = 999; pragma application_id = 999"));
  const auto reader = open_to_read(folder_.path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind(), Fault::Conflict);
}

}  // namespace
}  // namespace jieding::sync
