#include "sync/finding_book.hpp"

#include "sync/hash.hpp"
#include "sync/outbox.hpp"
#include "sync/store.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::synced;

const std::string person = "sha256:12";

class FindingBookTest : public ::testing::Test {
 protected:
  FindingBookTest() { open(); }
  void open() {
    Store::Options options;
    options.state = folder_.path() / "state";
    options.site = "hz-demo";
    options.gateway = "gw1";
    options.keep_free_mb = 1;
    store_ = good(Store::open(loop_.executor(), options));
  }
  void reopen() {
    store_.reset();
    open();
  }
  Result<std::string> bring(const std::string& jpeg, int at = 0, const std::string& by = person) {
    return loop_.run(store_->findings().photo({by, jpeg, minute(at)}));
  }
  static FindingWord raising(const std::string& photo, const FindingWords& words) {
    FindingWord word;
    word.place = {"", 0, sha256_hex(words.place)};
    word.step.by = person;
    word.step.said = synced(minute(0));
    word.step.text_sha256 = sha256_hex(words.text);
    word.step.pictures = {photo};
    return word;
  }
  Result<FindingRecorded> raise(const std::string& photo, std::optional<OnceKey> once = {}) {
    return loop_.run(store_->findings().say(raising(photo, words_), words_, 14, std::move(once)));
  }
  std::int64_t evidence_waiting() {
    std::function<Result<OutboxStatus>(Database&)> work = outbox::status;
    return good(loop_.run(store_->journal().read<OutboxStatus>(std::move(work)))).evidence_waiting;
  }

  const FindingWords words_{"钢筋外露", "东门旁"};
  test::TempFolder folder_;
  test::Loop loop_;
  std::unique_ptr<Store> store_;
};

TEST_F(FindingBookTest, ThePlatformGetsAPhotoOnceAFindingNamesIt) {
  const std::string photo = good(bring("masked photo"));
  EXPECT_EQ(photo, sha256_hex("masked photo"));
  EXPECT_EQ(good(loop_.run(store_->picture(photo))), "masked photo");
  EXPECT_EQ(evidence_waiting(), 0);
  good(raise(photo));
  EXPECT_EQ(evidence_waiting(), 1);
}

TEST_F(FindingBookTest, WordsAndPhotosAreThereAfterARestartAndNotInTheLedger) {
  const FindingRecorded raised = good(raise(good(bring("masked photo"))));
  reopen();
  const FindingBook::Told told = good(loop_.run(store_->findings().tell(raised.finding)));
  EXPECT_EQ(told.place, "东门旁");
  ASSERT_EQ(told.texts.size(), 1u);
  EXPECT_EQ(told.texts[0], "钢筋外露");
  EXPECT_EQ(good(loop_.run(store_->picture(sha256_hex("masked photo")))), "masked photo");
  for (const std::string& leaf : good(loop_.run(store_->events(0, 10))))
    EXPECT_EQ(leaf.find("钢筋"), std::string::npos) << leaf;
}

TEST_F(FindingBookTest, APhotoThatIsNotHereIsAConflictAndSoIsADocument) {
  EXPECT_EQ(raise(std::string(64, 'a')).error().kind(), Fault::Conflict);
  good(loop_.run(store_->document({"site-office", "%PDF-1.7 minutes"}, minute(0))));
  EXPECT_EQ(raise(sha256_hex("%PDF-1.7 minutes")).error().kind(), Fault::Conflict);
  EXPECT_EQ(store_->checkpoint().size, 0u);
  EXPECT_EQ(evidence_waiting(), 0);
}

TEST_F(FindingBookTest, TheSameKeyIsDoneOnceAlsoAfterARestart) {
  const std::string photo = good(bring("masked photo"));
  const OnceKey key{person, "key-1", "fingerprint"};
  const FindingRecorded first = good(raise(photo, key));
  reopen();
  const FindingRecorded again = good(raise(photo, key));
  EXPECT_EQ(again.finding, first.finding);
  EXPECT_EQ(again.index, first.index);
  EXPECT_EQ(again.decision.status, first.decision.status);
  EXPECT_EQ(again.decision.due, first.decision.due);
  EXPECT_EQ(store_->checkpoint().size, 1u);
  EXPECT_EQ(raise(photo, OnceKey{person, "key-1", "another"}).error().kind(), Fault::Conflict);
}

TEST_F(FindingBookTest, PhotosThatNoFindingNamesAreBoundedAndForgottenAfterADay) {
  for (int i = 0; i < 16; ++i)
    good(bring("photo " + std::to_string(i)));
  EXPECT_EQ(bring("one more").error().kind(), Fault::TooMuch);
  good(bring("of another person", 0, "sha256:34"));
  good(raise(sha256_hex("photo 0")));
  good(bring("one more"));
  constexpr int day = 24 * 60;
  good(bring("the next day", day + 1));
  EXPECT_EQ(loop_.run(store_->picture(sha256_hex("photo 1"))).error().kind(), Fault::NotFound);
  EXPECT_EQ(good(loop_.run(store_->picture(sha256_hex("photo 0")))), "photo 0") << "it is named";
}

}  // namespace
}  // namespace jieding::sync
