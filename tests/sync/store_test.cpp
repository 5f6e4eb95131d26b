#include "sync/store.hpp"

#include <sys/stat.h>

#include <cmath>
#include <functional>

#include "sync/hash.hpp"
#include "sync/once.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::good;
using test::minute;
using test::pm10;
using test::topping_out;

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { open(); }
  Store::Options options() const {
    Store::Options options;
    options.state = folder_.path() / "state";
    options.site = "hz-demo";
    options.gateway = "gw1";
    options.keep_free_mb = 1;
    return options;
  }
  void open() { store_ = good(Store::open(loop_.executor(), options())); }
  void reopen() {
    store_.reset();
    open();
  }
  static FrameCommit frame(int at, double storeys, bool proposes = false) {
    FrameCommit commit;
    commit.camera = "mast";
    commit.taken = minute(at);
    commit.name = to_basic_utc(commit.taken) + ".jpg";
    commit.report.usable = true;
    commit.report.state = "estimator state " + std::to_string(at);
    commit.report.buildings = {{"b1",
                                storeys,
                                int(storeys),
                                int(storeys) + 1,
                                Stage::Superstructure,
                                0.93,
                                {StoreyState::Infilled, StoreyState::Frame},
                                false,
                                "",
                                {{"top_edge", storeys + 1.25}, {"works_ahead", 1.25}}}};
    commit.report.pictures = {{"masked", "", "masked " + std::to_string(at)},
                              {"overlay", "b1", "overlay " + std::to_string(at)}};
    if (proposes) commit.statements = {topping_out(Act::Propose, Owner::Box, "mast", minute(at))};
    return commit;
  }

  test::TempFolder folder_;
  test::Loop loop_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, StateFolderIsForItsOwnerAlone) {
  for (const char* name : {"", "secrets"}) {
    struct stat about {};
    ASSERT_EQ(::stat((options().state / name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u) << name;
  }
}

TEST_F(StoreTest, SecondGatewayOnTheSameStateIsRefused) {
  const auto second = Store::open(loop_.executor(), options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), Fault::Conflict);
  EXPECT_NE(second.error().text().find("another gateway"), std::string::npos);
  store_.reset();
  EXPECT_TRUE(Store::open(loop_.executor(), options()));
}

TEST_F(StoreTest, FrameIsStoredWholeAndComesBack) {
  const FrameCommitted committed = good(loop_.run(store_->frame(frame(0, 3.0, true))));
  ASSERT_EQ(committed.recorded.size(), 1u);
  EXPECT_EQ(committed.recorded[0].decision.status, Status::Candidate);
  EXPECT_EQ(good(loop_.run(store_->evidence(committed.pictures.masked))), "masked 0");
  EXPECT_EQ(good(loop_.run(store_->evidence(committed.pictures.overlays.at("b1")))), "overlay 0");
  good(loop_.run(store_->frame(frame(1, 4.0))));
  reopen();
  const SiteSnapshot site = good(loop_.run(store_->snapshot(minute(10), {"mast"})));
  ASSERT_EQ(site.cameras.size(), 1u);
  EXPECT_EQ(site.cameras[0].frame, frame(1, 4).name);
  EXPECT_EQ(site.cameras[0].state, "estimator state 1");
  ASSERT_EQ(site.estimates.size(), 1u);
  const EstimatePoint& point = site.estimates[0];
  EXPECT_EQ(point.estimate.storeys, 4.0);
  EXPECT_EQ(point.estimate.stage, Stage::Superstructure);
  EXPECT_EQ(point.estimate.bands, (std::vector{StoreyState::Infilled, StoreyState::Frame}));
  EXPECT_TRUE(point.usable);
  ASSERT_EQ(point.words.size(), 1u);
  EXPECT_EQ(point.words[0].estimate.grounds,
            (std::vector<Measure>{{"top_edge", 5.25}, {"works_ahead", 1.25}}));
  EXPECT_EQ(point.picture, sha256_hex("masked 1"));
  EXPECT_EQ(point.overlay, sha256_hex("overlay 1"));
  ASSERT_EQ(site.milestones.size(), 1u);
  EXPECT_EQ(site.milestones[0].milestone.statements.at(0).evidence,
            (std::vector{committed.pictures.masked, committed.pictures.overlays.at("b1")}));
  EXPECT_EQ(site.outbox.evidence_waiting, 4);
  EXPECT_EQ(site.outbox.state_waiting, 1);
  EXPECT_EQ(site.outbox.ledger_size, 1u);
}

TEST_F(StoreTest, ProposalShowsBeforeAndAfter) {
  good(loop_.run(store_->frame(frame(0, 3.0))));
  good(loop_.run(store_->frame(frame(1, 4.0))));
  FrameCommit other = frame(2, 4.0);  // another camera's picture shows another side
  other.camera = "crane";
  good(loop_.run(store_->frame(other)));
  FrameCommit refused = frame(3, 4.0);
  refused.report.usable = false;
  good(loop_.run(store_->frame(refused)));
  good(loop_.run(store_->frame(frame(5, 5.0))));
  FrameCommit deciding = frame(9, 5.0, true);
  deciding.statements[0].milestone = {"b1", "storey_cast", 5};
  deciding.statements[0].named_at = minute(5);
  good(loop_.run(store_->frame(deciding)));
  const SiteSnapshot site = good(loop_.run(store_->snapshot(minute(10), {"mast"})));
  EXPECT_EQ(site.milestones.at(0).milestone.statements.at(0).evidence,
            (std::vector{sha256_hex("masked 9"), sha256_hex("overlay 9"), sha256_hex("masked 1")}));
}

TEST_F(StoreTest, BeforeIsAPictureInWhichItWasNotSo) {
  good(loop_.run(store_->frame(frame(0, 4.0))));
  good(loop_.run(store_->frame(frame(1, 5.0))));  // five storeys before the day that is named
  FrameCommit deciding = frame(9, 5.0, true);
  deciding.statements[0].milestone = {"b1", "storey_cast", 5};
  deciding.statements[0].named_at = minute(5);
  good(loop_.run(store_->frame(deciding)));
  const SiteSnapshot site = good(loop_.run(store_->snapshot(minute(10), {"mast"})));
  EXPECT_EQ(site.milestones.at(0).milestone.statements.at(0).evidence.at(2),
            sha256_hex("masked 0"));
}

TEST_F(StoreTest, RefusedProposalDoesNotLoseTheFrame) {
  FrameCommit commit = frame(0, 3.0, true);
  commit.statements[0].milestone.kind = "no_such_milestone";
  const FrameCommitted committed = good(loop_.run(store_->frame(commit)));
  EXPECT_EQ(committed.recorded.size(), 0u);
  EXPECT_EQ(committed.refused.size(), 1u);
  EXPECT_EQ(good(loop_.run(store_->history("b1"))).size(), 1u);
}

TEST_F(StoreTest, SameFrameAgainDoesNotDoubleTheHistory) {
  good(loop_.run(store_->frame(frame(0, 3.0, true))));
  good(loop_.run(store_->frame(frame(0, 3.0, true))));
  EXPECT_EQ(good(loop_.run(store_->history("b1"))).size(), 1u);
  EXPECT_EQ(good(loop_.run(store_->events(0, 10))).size(), 1u);
}

TEST_F(StoreTest, AnswersToTheLastFramesAreRememberedAndNoOthers) {
  FrameCommit refused = frame(0, 3.0);
  refused.report.usable = false;
  refused.report.reasons = {"dark", "fog"};
  refused.report.pictures.clear();
  good(loop_.run(store_->frame(refused)));
  good(loop_.run(store_->frame(frame(1, 3.0))));
  reopen();
  const auto dark = good(loop_.run(store_->frame_answer("mast", refused.name)));
  ASSERT_TRUE(dark);
  EXPECT_FALSE(dark->usable);
  EXPECT_EQ(dark->reasons, "dark,fog");
  EXPECT_EQ(dark->evidence_sha256, "");
  const auto seen = good(loop_.run(store_->frame_answer("mast", frame(1, 3.0).name)));
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->usable);
  EXPECT_EQ(seen->evidence_sha256, sha256_hex("masked 1"));
  EXPECT_EQ(seen->taken, minute(1));
  EXPECT_FALSE(good(loop_.run(store_->frame_answer("crane", refused.name))));
  for (int at = 2; at < 100; ++at)
    good(loop_.run(store_->frame(frame(at, 3.0))));
  EXPECT_FALSE(good(loop_.run(store_->frame_answer("mast", refused.name)))) << "it is long ago";
  EXPECT_TRUE(good(loop_.run(store_->frame_answer("mast", frame(99, 3.0).name))));
}

TEST_F(StoreTest, RefusedFrameKeepsTheEstimateAndSaysWhy) {
  FrameCommit commit = frame(0, 3.0);
  commit.report.usable = false;
  commit.report.reasons = {"dark", "fog"};
  commit.report.pictures.clear();
  good(loop_.run(store_->frame(commit)));
  const auto history = good(loop_.run(store_->history("b1")));
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].reasons, (std::vector<std::string>{"dark", "fog"}));
  EXPECT_EQ(history[0].picture, "");
  EXPECT_EQ(good(loop_.run(store_->snapshot(minute(1), {"mast"}))).outbox.state_waiting, 0);
}

TEST_F(StoreTest, RefusedFrameThatClaimsTheTimeOfAGoodOneDoesNotTakeItsPlace) {
  good(loop_.run(store_->frame(frame(0, 3.0))));
  FrameCommit commit = frame(0, 3.0);
  commit.name = "another.jpg";
  commit.report.usable = false;
  commit.report.reasons = {"out_of_order"};
  commit.report.pictures.clear();
  good(loop_.run(store_->frame(commit)));
  const auto history = good(loop_.run(store_->history("b1")));
  ASSERT_EQ(history.size(), 1u);
  EXPECT_TRUE(history[0].usable);
  EXPECT_EQ(history[0].picture, sha256_hex("masked 0"));
}

FrameCommit seen_by(const std::string& camera, FrameCommit commit) {
  commit.camera = camera;
  commit.cameras = {"gate", "mast"};
  commit.report.buildings[0].bands.assign(18, StoreyState::Background);
  return commit;
}

TEST_F(StoreTest, TwoCamerasOfOneBuildingAreWeighedTogetherAlsoAfterARestart) {
  good(loop_.run(store_->frame(seen_by("mast", frame(0, 9)))));
  reopen();
  const auto both = good(loop_.run(store_->frame(seen_by("gate", frame(1, 4)))));
  ASSERT_EQ(both.buildings.size(), 1u);
  EXPECT_TRUE(both.buildings[0].disagree);
  EXPECT_EQ(both.buildings[0].words.size(), 2u);
  EXPECT_EQ(both.buildings[0].estimate.storeys_low, 4);
  EXPECT_EQ(both.buildings[0].estimate.storeys_high, 10);
  const SiteSnapshot site = good(loop_.run(store_->snapshot(minute(5), {"gate", "mast"})));
  EXPECT_TRUE(site.estimates.at(0).disagree);
  EXPECT_EQ(site.estimates.at(0).words.size(), 2u);
}

TEST_F(StoreTest, CameraThatWasTakenDownHasNoSay) {
  good(loop_.run(store_->frame(seen_by("mast", frame(0, 9)))));
  FrameCommit alone = seen_by("gate", frame(1, 9));
  alone.cameras = {"gate"};
  const auto one = good(loop_.run(store_->frame(std::move(alone))));
  EXPECT_EQ(one.buildings.at(0).words.size(), 1u);
}

TEST_F(StoreTest, RefusedFrameLeavesTheWordOfItsCameraAsItWas) {
  good(loop_.run(store_->frame(seen_by("mast", frame(0, 9)))));
  FrameCommit dark = seen_by("mast", frame(9, 3));
  dark.report.usable = false;
  good(loop_.run(store_->frame(std::move(dark))));
  const auto both = good(loop_.run(store_->frame(seen_by("gate", frame(10, 9)))));
  const auto& words = both.buildings.at(0).words;
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[1].at, minute(0));
  EXPECT_EQ(words[1].estimate.storeys, 9);
}

/// A picture a minute; those of which `usable` says no are refused.
std::function<Result<int>(Database&)> pictures_of_every_minute(int count,
                                                               std::function<bool(int)> usable) {
  return [count, usable = std::move(usable)](Database& db) -> Result<int> {
    for (int i = 0; i < count; ++i) {
      FrameReport report;
      report.usable = usable(i);
      BuildingEstimate estimate;
      estimate.building = "b1";
      estimate.storeys = i / 100.0;
      estimate.bands = {StoreyState::Infilled, StoreyState::Working};
      report.buildings = {estimate};
      const std::string camera = "mast", name = std::to_string(i);
      const FramePictures none;
      const std::vector<std::string> cameras{camera};
      auto done = frame_log::record(db, {camera, name, minute(i), report, none, cameras});
      if (!done) return done.error();
    }
    return 0;
  };
}

TEST_F(StoreTest, HistoryIsThinnedButKeepsBothEnds) {
  auto fill = pictures_of_every_minute(5003, [](int) { return true; });
  good(loop_.run(store_->journal().write<int>(fill)));
  const auto history = good(loop_.run(store_->history("b1")));
  EXPECT_LE(history.size(), 2000u);
  EXPECT_GT(history.size(), 1000u);
  EXPECT_EQ(history.front().at, minute(0));
  EXPECT_EQ(history.back().at, minute(5002));
}

constexpr int day = 24 * 60;                     ///< minutes
constexpr int midnight = 16 * 60 - 4 * 60 - 13;  ///< the first on the site after minute(0)

/// However many pictures a day has: more than the thinned history shows, and those of the night
/// refused.
TEST_F(StoreTest, ADayIsShownByItsLastGoodPicture) {
  const int dusk = 20 * 60;
  auto fill =
      pictures_of_every_minute(5003, [](int at) { return (at - midnight + day) % day < dusk; });
  good(loop_.run(store_->journal().write<int>(fill)));
  const auto days = good(loop_.run(store_->history_by_day("b1")));
  ASSERT_EQ(days.size(), 4u);
  int last = midnight - day + dusk - 1;
  for (const EstimatePoint& shown : days) {
    EXPECT_EQ(shown.at, minute(last));
    EXPECT_EQ(shown.estimate.storeys, last / 100.0);
    EXPECT_EQ(to_digits(shown.estimate.bands), "31");
    last += day;
  }
}

TEST_F(StoreTest, ADayEndsAtMidnightOfTheSite) {
  good(loop_.run(store_->frame(frame(midnight - 1, 3))));
  good(loop_.run(store_->frame(frame(midnight, 4))));
  const auto days = good(loop_.run(store_->history_by_day("b1")));
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].estimate.storeys, 3);
  EXPECT_EQ(days[1].estimate.storeys, 4);
}

TEST_F(StoreTest, ADayWithoutAGoodPictureShowsNothing) {
  good(loop_.run(store_->frame(frame(0, 3))));
  FrameCommit fog = frame(24 * 60, 3);
  fog.report.usable = false;
  good(loop_.run(store_->frame(std::move(fog))));
  EXPECT_EQ(good(loop_.run(store_->history_by_day("b1"))).size(), 1u);
}

TEST_F(StoreTest, CommentStaysPrivate) {
  good(loop_.run(store_->statement(topping_out(Act::Propose, Owner::Box, "mast", minute(0)), {})));
  auto confirm = topping_out(Act::Confirm, Owner::Group, "sha256:1234", minute(1));
  confirm.comment_sha256 = sha256_hex("seen from my window");
  const Recorded recorded = good(loop_.run(store_->statement(confirm, {}, "seen from my window")));
  EXPECT_EQ(recorded.decision.status, Status::Confirmed);
  for (const std::string& leaf : good(loop_.run(store_->events(0, 10))))
    EXPECT_EQ(leaf.find("window"), std::string::npos);
  EXPECT_NE(good(loop_.run(store_->events(1, 1))).at(0).find(confirm.comment_sha256),
            std::string::npos);
}

TEST_F(StoreTest, CheckpointFollowsEachCommit) {
  EXPECT_EQ(store_->checkpoint().size, 0u);
  good(loop_.run(store_->append({"gateway", test::synced(minute(0)), {{"what", "started"}}})));
  const SignedCheckpoint head = store_->checkpoint();
  EXPECT_EQ(head.size, 1u);
  EXPECT_TRUE(open_note(head.note, parse_vkey(store_->vkey()).value()));
  reopen();
  EXPECT_EQ(store_->checkpoint().root, head.root);
}

TEST_F(StoreTest, SameKeyIsDoneOnceAcrossARestart) {
  const OnceKey key{"dust-1", "order-7", "f1"};
  const AcceptedOnce first =
      good(loop_.run(store_->readings_once({pm10(81, minute(0)), pm10(82, minute(1))}, key)));
  EXPECT_EQ(first.accepted.stored, 2u);
  EXPECT_FALSE(first.again);
  reopen();
  const AcceptedOnce again = good(loop_.run(store_->readings_once({pm10(99, minute(5))}, key)));
  EXPECT_TRUE(again.again);
  EXPECT_EQ(again.accepted.stored, 2u) << "what was answered then";
  EXPECT_EQ(good(loop_.run(store_->snapshot(minute(9), {}))).counts.stored, 2);
  const auto other =
      loop_.run(store_->readings_once({pm10(99, minute(5))}, {"dust-1", "order-7", "f2"}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind(), Fault::Conflict);
  const OnceKey others_key{"dust-2", "order-7", "f2"};
  EXPECT_FALSE(good(loop_.run(store_->readings_once({pm10(1, minute(5))}, others_key))).again);
}

TEST_F(StoreTest, OldestKeysAreForgotten) {
  for (std::int64_t i = 0; i <= once::most_keys; ++i) {
    const OnceKey key{"dust-1", "k" + std::to_string(i), "f"};
    good(loop_.run(store_->readings_once({pm10(1, minute(0))}, key)));
  }
  const auto again = [&](const std::string& name) {
    return good(loop_.run(store_->readings_once({pm10(1, minute(0))}, {"dust-1", name, "f"})))
        .again;
  };
  EXPECT_TRUE(again("k1"));
  EXPECT_FALSE(again("k0"));
}

TEST_F(StoreTest, ClaimWithAKeyIsAnsweredAsItWas) {
  const auto claim = topping_out(Act::Claim, Owner::Contractor, "site-office", minute(0));
  const OnceKey key{"site-office", "claim-1", "f1"};
  const Recorded first = good(loop_.run(store_->statement(claim, {}, "", key)));
  EXPECT_EQ(first.decision.status, Status::Candidate);
  good(loop_.run(
      store_->statement(topping_out(Act::Propose, Owner::Box, "mast", minute(0)), {}, "")));
  reopen();
  const Recorded again = good(loop_.run(store_->statement(claim, {}, "", key)));
  EXPECT_EQ(again.decision.status, Status::Candidate) << "corroborated since, but so it was said";
  EXPECT_EQ(again.index, first.index);
  EXPECT_EQ(store_->checkpoint().size, 2u);
}

TEST_F(StoreTest, ClaimNeedsTheDocumentThatItNames) {
  const std::string pdf = "%PDF-1.7 minutes of the topping-out";
  auto claim = topping_out(Act::Claim, Owner::Contractor, "site-office", minute(0));
  claim.document_sha256 = sha256_hex(pdf);
  const auto too_early = loop_.run(store_->statement(claim, {}));
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().kind(), Fault::Conflict);
  const DocumentKept kept = good(loop_.run(store_->document({"site-office", pdf}, minute(0))));
  EXPECT_TRUE(kept.fresh);
  EXPECT_EQ(kept.sha256, claim.document_sha256);
  EXPECT_FALSE(good(loop_.run(store_->document({"site-office", pdf}, minute(1)))).fresh);
  reopen();
  EXPECT_EQ(good(loop_.run(store_->evidence(kept.sha256))), pdf);
  EXPECT_FALSE(loop_.run(store_->picture(kept.sha256))) << "viewers do not see documents";
  good(loop_.run(store_->statement(claim, {})));
  EXPECT_NE(good(loop_.run(store_->events(0, 1))).at(0).find(kept.sha256), std::string::npos);
  EXPECT_EQ(good(loop_.run(store_->snapshot(minute(9), {}))).outbox.evidence_waiting, 0)
      << "the platform gets its hash alone";
}

TEST_F(StoreTest, DocumentsThatNobodyClaimsWithAreBounded) {
  std::string last;
  for (int i = 0; i < 32; ++i) {
    last = "%PDF-" + std::to_string(i);
    good(loop_.run(store_->document({"site-office", last}, minute(0))));
  }
  const auto beyond = loop_.run(store_->document({"site-office", "%PDF-x"}, minute(0)));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().kind(), Fault::TooMuch);
  EXPECT_TRUE(loop_.run(store_->document({"other", "%PDF-x"}, minute(0))));
  auto claim = topping_out(Act::Claim, Owner::Contractor, "site-office", minute(0));
  claim.document_sha256 = sha256_hex(last);
  good(loop_.run(store_->statement(claim, {})));
  EXPECT_TRUE(loop_.run(store_->document({"site-office", "%PDF-y"}, minute(0))));
}

TEST_F(StoreTest, HeightsOfWitnessesAreCountedWithTheirReadings) {
  store_.reset();
  Store::Options watching = options();
  watching.heights = {{"hoist-1", "hoist_floor"}};
  store_ = good(Store::open(loop_.executor(), watching));
  const auto floor = [](double value, int at) {
    Reading reading = pm10(value, minute(at), "hoist-1");
    reading.quantity = "hoist_floor";
    return reading;
  };
  Reading hourly = floor(17, 3);
  hourly.statistic = {Period::Hour, Aggregate::Maximum};
  good(loop_.run(store_->readings({floor(4, 0), floor(4, 1), pm10(81, minute(1))})));
  good(loop_.run(store_->readings({floor(4, 1)})));  // sent again
  good(loop_.run(store_->readings({floor(12, 2), floor(1e9, 3), hourly})));
  EXPECT_FALSE(loop_.run(store_->readings({floor(9, 4), floor(std::nan(""), 4)})));
  reopen();
  std::function<Result<std::vector<HeightLevel>>(Database&)> ask = [](Database& database) {
    return height_log::levels(database, "hoist-1", "hoist_floor");
  };
  const auto levels = good(loop_.run(store_->journal().read<std::vector<HeightLevel>>(ask)));
  EXPECT_EQ(levels, (std::vector<HeightLevel>{{4, 2, minute(0), minute(1)},
                                              {12, 1, minute(2), minute(2)}}));
}

TEST_F(StoreTest, EvidenceNameMustBeAHash) {
  const auto read = loop_.run(store_->evidence("../../secrets/ledger.key"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind(), Fault::NotFound);
}

TEST_F(StoreTest, LatestReadingsAndCountsComeBack) {
  good(loop_.run(store_->readings({pm10(81, minute(0)), pm10(82, minute(1))})));
  good(loop_.run(store_->readings({pm10(81, minute(0))})));
  reopen();
  const SiteSnapshot site = good(loop_.run(store_->snapshot(minute(5), {"mast"})));
  ASSERT_EQ(site.latest.size(), 1u);
  EXPECT_EQ(site.latest[0].value, 82);
  EXPECT_EQ(site.counts.stored, 2);
  EXPECT_EQ(site.counts.repeated, 1);
  EXPECT_EQ(site.outbox.telemetry_waiting, 2);
}

TEST_F(StoreTest, QuarantineIsBoundedAndItsCountsAreNot) {
  std::function<Result<int>(Database&)> fill = [](Database& db) -> Result<int> {
    for (int i = 0; i < 30; ++i) {
      const Refusal refusal{"hj212", "10.0.0.9",        "dust-1",
                            "crc",   std::to_string(i), std::string(9000, 'x')};
      if (auto done = quarantine::put(db, refusal, minute(i), 10); !done) return done.error();
    }
    return static_cast<int>(quarantine::newest(db, 100).value().size());
  };
  EXPECT_EQ(good(loop_.run(store_->journal().write<int>(fill))), 10);
  good(loop_.run(store_->refuse({"hj212", "", "", "length", "", "ab"}, minute(0))));
  const auto counts = good(loop_.run(store_->snapshot(minute(0), {"mast"}))).refusals;
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[1].reason, "crc");
  EXPECT_EQ(counts[1].count, 30);
  std::function<Result<std::vector<Quarantined>>(Database&)> newest = [](Database& db) {
    return quarantine::newest(db, 2);
  };
  const auto rows = good(loop_.run(store_->journal().read<std::vector<Quarantined>>(newest)));
  EXPECT_EQ(rows.at(0).refusal.bytes, "ab");
  EXPECT_EQ(rows.at(1).refusal.bytes.size(), 4096u);
}

TEST_F(StoreTest, LinkFromAnotherProcessSignsInOnce) {
  std::string token;
  {
    auto beside = good(open_database(options().state));
    token = good(sign_in::create_token(*beside, TokenKind::SignIn, "u1", 1000));
  }
  EXPECT_EQ(token.size(), 43u);
  EXPECT_FALSE(loop_.run(store_->redeem_token(sha256_hex(token), 1000))) << "expired";
  EXPECT_FALSE(loop_.run(store_->redeem_token(sha256_hex("guess"), 10)));
  EXPECT_EQ(good(loop_.run(store_->redeem_token(sha256_hex(token), 10))).user, "u1");
  EXPECT_FALSE(loop_.run(store_->redeem_token(sha256_hex(token), 11))) << "once";
}

TEST_F(StoreTest, SessionsSurviveARestart) {
  constexpr std::int64_t expires = std::int64_t{1} << 40;  // what has expired goes at each start
  good(loop_.run(store_->put_session(sha256_hex("cookie"), {"u1", "csrf", expires})));
  good(loop_.run(store_->put_session(sha256_hex("stale"), {"u1", "csrf", 1})));
  reopen();
  const auto session = good(loop_.run(store_->find_session(sha256_hex("cookie"), expires - 1)));
  EXPECT_FALSE(good(loop_.run(store_->find_session(sha256_hex("stale"), 0))));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user, "u1");
  EXPECT_EQ(session->csrf, "csrf");
  EXPECT_FALSE(good(loop_.run(store_->find_session(sha256_hex("cookie"), expires))));
  good(loop_.run(store_->drop_session(sha256_hex("cookie"))));
  EXPECT_FALSE(good(loop_.run(store_->find_session(sha256_hex("cookie"), expires - 1))));
}

TEST_F(StoreTest, AfterCloseNothingIsTaken) {
  store_->close();
  EXPECT_EQ(loop_.run(store_->readings({pm10(1, minute(0))})).error().kind(), Fault::Unavailable);
}

}  // namespace
}  // namespace jieding::sync
