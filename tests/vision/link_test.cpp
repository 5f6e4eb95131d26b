#include "vision/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"

namespace jieding::vision {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Leaves the corpse for the link to find. A process under a sanitizer takes its time to die.
void kill_and_see_it_die(pid_t pid) {
  ::kill(pid, SIGKILL);
  siginfo_t death;
  ::waitid(P_PID, static_cast<id_t>(pid), &death, WEXITED | WNOWAIT);
}

class LinkTest : public ::testing::Test {
 protected:
  LinkTest() {
    options_.program = JIEDING_VISION;
    options_.cameras = {read_site(JIEDING_SITE_A)};
    options_.first_pause = 10ms;
  }

  ~LinkTest() override {
    if (link_) link_->stop();
    io_.restart();
    io_.run_for(100ms);
  }

  Link& link() {
    if (!link_) link_ = Link::create(io_.get_executor(), options_);
    return *link_;
  }

  /// `meanwhile` is called between the turns of io, until the answer is there.
  template <class T>
  Result<T> wait(asio::awaitable<Result<T>> work, const std::function<void()>& meanwhile) {
    auto answer = asio::co_spawn(io_, std::move(work), asio::use_future);
    io_.restart();
    while (answer.wait_for(0s) != std::future_status::ready) {
      io_.run_one_for(10ms);
      meanwhile();
    }
    return answer.get();
  }
  Result<FrameReport> see(
      Frame frame, const std::function<void()>& meanwhile = [] {}) {
    return wait(link().see(std::move(frame)), meanwhile);
  }
  Result<std::string> mask(
      std::string photo, const std::function<void()>& meanwhile = [] {}) {
    return wait(link().mask(std::move(photo)), meanwhile);
  }

  Result<std::string> render(std::string jpeg, int width) {
    return wait(link().render(std::move(jpeg), width), [] {});
  }

  static Frame frame(const std::string& camera, std::size_t n) {
    return frame_of(pictures_of(JIEDING_SITE_A, n, 1).at(0), camera);
  }
  static Frame picture(std::size_t n) { return frame("mast", n); }

  LinkOptions options_;
  asio::io_context io_;
  std::shared_ptr<Link> link_;
};

TEST_F(LinkTest, FrameIsSeenByTheChild) {
  const auto report = see(picture(2));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->usable);
  EXPECT_EQ(report->pictures.size(), 2U);
  EXPECT_GT(link().pid(), 0);
}

TEST_F(LinkTest, KilledWorkerIsRestartedAndTheNextFrameIsSeen) {
  const auto first = see(picture(2));
  ASSERT_TRUE(first);
  const pid_t before = link().pid();
  ::kill(before, SIGKILL);
  auto second = see(picture(3));
  if (!second) second = see(picture(3));  // the kill may land after the frame was sent
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_NE(link().pid(), before);
  EXPECT_EQ(link().restarts(), 1);
}

TEST_F(LinkTest, RestartedWorkerGoesOnFromItsState) {
  ASSERT_TRUE(see(picture(2)));
  ASSERT_TRUE(see(picture(3)));
  kill_and_see_it_die(link().pid());
  // The same picture again is known as frozen only by who remembers it.
  const auto again = see(picture(3));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->reasons, std::vector<std::string>{"frozen"});
}

TEST_F(LinkTest, CameraThatCannotBeSetUpStopsNoOther) {
  CameraSetup gate = options_.cameras.front();
  gate.id = "gate";
  gate.width_px = 0;
  options_.cameras.insert(options_.cameras.begin(), gate);
  const auto refused = see(frame("gate", 2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Unavailable)
      << "the picture is right, its source keeps it";
  EXPECT_THAT(refused.error().text(), HasSubstr("image_size: wrong value; write [WIDTH, HEIGHT]"));
  EXPECT_THAT(see(frame("nobody", 2)).error().text(), HasSubstr("not set up"));
  EXPECT_TRUE(see(frame("mast", 2)));
  EXPECT_TRUE(mask(picture(2).bytes)) << "photos, too";
  EXPECT_EQ(link().restarts(), 0);
}

TEST_F(LinkTest, EachCameraGoesOnFromItsOwnState) {
  options_.cameras.push_back(options_.cameras.front());
  options_.cameras.back().id = "gate";
  ASSERT_TRUE(see(frame("mast", 2)));
  ASSERT_TRUE(see(frame("gate", 3)));
  kill_and_see_it_die(link().pid());
  EXPECT_THAT(see(frame("mast", 2))->reasons, ElementsAre("frozen"));
  EXPECT_THAT(see(frame("gate", 2))->reasons, ElementsAre("out_of_order"));
  EXPECT_EQ(link().restarts(), 1);
}

TEST_F(LinkTest, StateThatDoesNotFitBeginsItsCameraAnewAndHarmsNoOther) {
  const std::string largest(wire::largest_blob, 'x');
  while ((options_.cameras.size() - 1) * wire::largest_blob <= wire::largest_message) {
    options_.cameras.push_back(options_.cameras.front());
    options_.cameras.back().id = "gate-" + std::to_string(options_.cameras.size());
  }
  options_.state_of = [&](const std::string& camera) { return camera == "mast" ? "" : largest; };
  EXPECT_TRUE(see(frame("mast", 2)));
  EXPECT_TRUE(see(frame("gate-2", 2)));
  EXPECT_EQ(link().restarts(), 0);
}

TEST_F(LinkTest, OtherCornersAreTakenOverBetweenTwoPictures) {
  ASSERT_TRUE(see(picture(2)));
  auto cameras = options_.cameras;
  cameras.front().facades.front().building = "other";
  const auto in_hand = see(picture(3), [&] {
    if (cameras.empty()) return;
    link().set_up_anew(std::move(cameras));
    cameras.clear();
  });
  ASSERT_TRUE(in_hand) << "the picture in hand is still answered: " << in_hand.error().text();
  const auto next = see(picture(4));
  ASSERT_TRUE(next) << next.error().text();
  EXPECT_EQ(next->buildings.front().building, "other");
}

TEST_F(LinkTest, PictureThatKillsTwiceIsQuarantined) {
  // A picture during which the process dies, whoever killed it.
  const auto dies = [this](Frame frame) {
    return see(std::move(frame), [this] {
      if (link().alive()) ::kill(link().pid(), SIGKILL);
    });
  };
  options_.first_pause = 1ms;
  const auto first = dies(picture(2));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind(), Fault::Unavailable);
  const auto second = dies(picture(2));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), Fault::Invalid);
  const auto third = see(picture(2));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind(), Fault::Invalid);
  EXPECT_TRUE(see(picture(3))) << "others are still seen";
}

/// Something that befalls vision once, while a picture is in hand.
template <class Deed>
auto once(Link& link, Deed deed) {
  return [&link, deed, done = false]() mutable {
    if (done || !link.alive()) return;
    done = true;
    deed();
  };
}

TEST_F(LinkTest, RestartStrikesNoPicture) {
  options_.first_pause = 1ms;
  for (int i = 0; i < 3; ++i) {
    const auto report = see(picture(2), once(link(), [this] { link().restart(); }));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind(), Fault::Unavailable) << i;
  }
  EXPECT_TRUE(see(picture(2)));
}

TEST_F(LinkTest, RestartGoesOnFromTheStateThatWasKept) {
  std::string kept;
  options_.state_of = [&](const std::string&) { return kept; };
  kept = see(picture(2))->state;
  ASSERT_TRUE(see(picture(3))) << "seen, but its commit fails";
  link().restart();
  const auto again = see(picture(3));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_THAT(again->reasons, IsEmpty()) << "not frozen";
}

TEST_F(LinkTest, PictureThatWasSeenWellSinceIsNoKiller) {
  options_.first_pause = 1ms;
  const auto killed = [this] {
    return see(picture(2), once(link(), [this] { ::kill(link().pid(), SIGKILL); }));
  };
  EXPECT_EQ(killed().error().kind(), Fault::Unavailable);
  ASSERT_TRUE(see(picture(2)));
  EXPECT_EQ(killed().error().kind(), Fault::Unavailable) << "not for the second time in a row";
}

TEST_F(LinkTest, APictureIsMadeAsNarrowAsAskedAndNeverWider) {
  const std::string stored = picture(2).bytes;
  const auto narrow = render(stored, 320);
  ASSERT_TRUE(narrow) << narrow.error().text();
  EXPECT_LT(narrow->size(), stored.size());
  const auto seen = decode_jpeg(*narrow);
  const auto before = decode_jpeg(stored);
  ASSERT_TRUE(seen && before);
  EXPECT_EQ(seen->cols, 320);
  EXPECT_EQ(seen->rows, cvRound(320.0 * before->rows / before->cols));
  const auto wide = render(stored, 10'000);
  ASSERT_TRUE(wide);
  EXPECT_EQ(*wide, stored);
  EXPECT_EQ(render("no picture", 320).error().kind(), Fault::Invalid);
  EXPECT_EQ(render(stored, 0).error().kind(), Fault::Invalid);
}

TEST_F(LinkTest, PhotoIsMaskedWithoutACamera) {
  options_.cameras.clear();
  const auto masked = mask(picture(2).bytes);
  ASSERT_TRUE(masked) << masked.error().text();
  EXPECT_TRUE(decode_jpeg(*masked));
  const auto refused = mask("<html>no photo</html>");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), Fault::Invalid);
  EXPECT_EQ(refused.error().text(), "not_a_picture");
  EXPECT_EQ(link().restarts(), 0);
}

TEST_F(LinkTest, PhotoThatKillsTwiceIsQuarantined) {
  options_.first_pause = 1ms;
  const auto dies = [this] {
    return mask(picture(2).bytes, [this] {
      if (link().alive()) ::kill(link().pid(), SIGKILL);
    });
  };
  EXPECT_EQ(dies().error().kind(), Fault::Unavailable);
  EXPECT_EQ(dies().error().kind(), Fault::Invalid);
  EXPECT_EQ(mask(picture(2).bytes).error().kind(), Fault::Invalid);
  EXPECT_TRUE(mask(picture(3).bytes)) << "others are still masked";
}

TEST_F(LinkTest, WrongAnswerIsAStrikeAgainstItsPictureAndTheWorkerStartsAnew) {
  options_.program = JIEDING_LYING_WORKER;
  options_.cameras.clear();
  for (const std::string answered : {"other", "nonsense"}) {
    const auto first = mask(answered);
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().kind(), Fault::Unavailable) << first.error().text();
    EXPECT_EQ(link().pid(), -1) << "what it says next may be wrong as well";
    EXPECT_TRUE(mask("another photo"));
    const auto second = mask(answered);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), Fault::Invalid) << second.error().text();
    EXPECT_THAT(second.error().text(), HasSubstr("quarantined"));
  }
}

TEST_F(LinkTest, WithoutCamerasNothingRunsAheadOfAPhoto) {
  options_.cameras.clear();
  auto watch = asio::co_spawn(io_, link().run(), asio::use_future);
  io_.run_for(1500ms);  // more than a round
  EXPECT_EQ(link().pid(), -1);
  link().stop();
  io_.run_for(100ms);
}

TEST_F(LinkTest, SilentWorkerIsKilledByTheWatchdog) {
  options_.frame_limit = 2s;
  ASSERT_GT((static_cast<void>(see(picture(2))), link().pid()), 0);
  ::kill(link().pid(), SIGSTOP);
  const auto report = see(picture(3));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind(), Fault::Unavailable);
}

TEST_F(LinkTest, MissingProgramIsUnavailable) {
  options_.program = "/nonexistent/jieding-vision";
  const auto report = see(picture(2));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind(), Fault::Unavailable);
}

TEST_F(LinkTest, FullQueueRefusesTheNewestFrame) {
  options_.most_waiting = 1;
  std::vector<std::future<Result<FrameReport>>> reports;
  for (int i = 0; i < 3; ++i)
    reports.push_back(asio::co_spawn(io_, link().see(picture(2)), asio::use_future));
  while (reports[1].wait_for(0s) != std::future_status::ready)
    io_.run_one_for(10ms);
  EXPECT_TRUE(reports[0].get());
  EXPECT_TRUE(reports[1].get());
  EXPECT_FALSE(reports[2].get());
}

TEST_F(LinkTest, IdleWorkerThatDiesIsReplaced) {
  auto watch = asio::co_spawn(io_, link().run(), asio::use_future);
  io_.run_for(500ms);
  for (int i = 0; i < 100 && !link().alive(); ++i)
    io_.run_for(100ms);
  const pid_t before = link().pid();
  ::kill(before, SIGKILL);
  for (int i = 0; i < 100 && (link().pid() == before || !link().alive()); ++i)
    io_.run_for(100ms);
  EXPECT_NE(link().pid(), before);
  EXPECT_TRUE(link().alive());
  link().stop();
  io_.run_for(100ms);
}

}  // namespace
}  // namespace jieding::vision
