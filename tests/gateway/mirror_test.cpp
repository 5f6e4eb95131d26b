#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <fstream>

#include "gateway/mirror/box_visit.hpp"
#include "gateway/mirror/folder.hpp"
#include "gateway/mirror/page_files.hpp"
#include "gateway/mirror/picture_list.hpp"

namespace jieding::mirror {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ViewerLink, IsTakenApart) {
  const auto link = read_viewer_link("https://box.example:8443/?viewer=abc_-1\nhttps://other/\n");
  ASSERT_TRUE(link) << link.error().text();
  EXPECT_EQ(link->box.authority(), "box.example:8443");
  EXPECT_EQ(link->box.target, "/");
  EXPECT_EQ(link->token, "abc_-1");
}

TEST(ViewerLink, MayNameABoxThatIsOpenToViewers) {
  const auto link = read_viewer_link("http://127.0.0.1:8080");
  ASSERT_TRUE(link) << link.error().text();
  EXPECT_EQ(link->token, "");
}

TEST(ViewerLink, OfAnotherKindIsRefusedWithoutItsToken) {
  for (const char* text :
       {"http://box/?signin=abc", "http://box/?viewer=", "http://box/x", "abc", ""}) {
    const auto link = read_viewer_link(text);
    ASSERT_FALSE(link) << text;
    EXPECT_THAT(link.error().text(), ::testing::Not(HasSubstr("abc"))) << text;
  }
}

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() : path_(fs::temp_directory_path() / ("mirror-" + std::to_string(::getpid()))) {}
  ~FolderTest() override { fs::remove_all(path_); }
  fs::path path_;
};

TEST_F(FolderTest, OfSomebodyElseIsLeftAlone) {
  fs::create_directories(path_);
  std::ofstream(path_ / "letter.txt") << "mine";
  const auto folder = Folder::open(path_);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind(), Fault::Conflict);
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 1);
}

TEST_F(FolderTest, IsKnownAgainAfterARoundThatWasCut) {
  ASSERT_TRUE(Folder::open(path_));
  EXPECT_TRUE(Folder::open(path_));
}

TEST_F(FolderTest, DoesNotTouchWhatStaysTheSame) {
  auto folder = Folder::open(path_);
  ASSERT_TRUE(folder);
  ASSERT_TRUE(folder->write("api/v1/site.json", "{}"));
  const auto old = fs::last_write_time(path_ / "api/v1/site.json") - std::chrono::hours(1);
  fs::last_write_time(path_ / "api/v1/site.json", old);
  ASSERT_TRUE(folder->write("api/v1/site.json", "{}"));
  EXPECT_EQ(fs::last_write_time(path_ / "api/v1/site.json"), old);
  ASSERT_TRUE(folder->write("api/v1/site.json", "[]"));
  EXPECT_EQ(folder->read("api/v1/site.json"), "[]");
}

TEST_F(FolderTest, LosesWhatIsNotWantedAndNothingBesideIt) {
  auto folder = Folder::open(path_);
  ASSERT_TRUE(folder);
  for (const char* name : {"index.html", "api/v1/site.json", "tile/0/000.p/1", "tile/0/000.p/2"})
    ASSERT_TRUE(folder->write(name, name));
  std::ofstream(path_ / "robots.txt") << "the web server's own";
  folder->keep_only({"api/v1/site.json"});
  EXPECT_TRUE(folder->has("api/v1/site.json"));
  EXPECT_TRUE(folder->has("index.html"));
  EXPECT_TRUE(folder->has("robots.txt"));
  EXPECT_FALSE(fs::exists(path_ / "tile"));
}

TEST(PictureList, NamesPicturesOnceAndTheNewestFirst) {
  const std::string a(64, 'a'), b(64, 'b'), c(64, 'c'), d(64, 'd');
  PictureList list(3);
  list.add(boost::json::parse(R"({"points": [{"picture": ")" + a + R"("}, {"picture": null},
      {"picture": ")" + b + R"("}], "more": {"evidence": [")" +
                              b + R"(", ")" + c + R"(", "../x"],
      "document_sha256": ")" + d +
                              R"(", "photos": [")" + d + R"("]}})"));
  EXPECT_THAT(list.names(), ElementsAre(b, a, c));
}

TEST(MirroredPage, KnowsWhatItIsAndKeepsThePolicy) {
  const std::string html =
      mirrored_html("<!doctype html><html><head><title>x</title></head></html>");
  EXPECT_THAT(html, HasSubstr("<head><meta name=\"jieding-mirror\""));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  // Browsers complain of it in a document.
  EXPECT_THAT(html, ::testing::Not(HasSubstr("frame-ancestors")));
}

}  // namespace
}  // namespace jieding::mirror
