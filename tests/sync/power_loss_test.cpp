// Power is cut at every step of a scenario of group commits, in memory. Whatever was acknowledged
// before the cut must be there after it, once; what the record names must be whole.

#include <boost/json/parse.hpp>
#include <iostream>

#include "sync/ledger_check.hpp"
#include "sync/store.hpp"
#include "tests/support/power_loss_vfs.hpp"
#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t cut_stride = 11;  // sanitizers slow this down; every cut runs without them
#else
constexpr std::size_t cut_stride = 1;
#endif

namespace jieding::sync {
namespace {

using jieding::test::DiskImage;
using jieding::test::PowerCut;
using jieding::test::PowerLossVfs;
using jieding::test::SimulatedDisk;
using jieding::test::SimulatedFiles;
using test::good;
using test::minute;
using test::pm10;
using test::topping_out;

/// Something acknowledged, and after how many steps of the disk at the latest.
struct Promise {
  std::size_t step;
  std::optional<double> reading;       ///< its value, one of a kind
  std::optional<std::uint64_t> event;  ///< index of a ledger event
  std::string frame;                   ///< name of a camera's frame
};

/// A day on the site: readings, frames with pictures and proposals, people; all in groups.
class Scenario {
 public:
  Scenario(bool database_syncs, bool files_sync) : files_(disk_, files_sync) {
    options_.state = folder_.path() / "state";
    options_.site = "hz-demo";
    options_.gateway = "gw1";
    options_.keep_free_mb = 0;
    options_.reserve_bytes = 4096;
    options_.vfs = vfs_.name();
    options_.files = &files_;
    options_.survive_power_loss = database_syncs;
    Rule prepare;
    prepare.id = "R13";
    prepare.form = RuleForm::Deadline;
    prepare.anchor = "topping_out";
    prepare.target = "return_preparation";
    prepare.period = {1, 0};
    prepare.starts_action = true;
    options_.policy.emplace().rules = {prepare};
    options_.project.phases = {{"p1", "", {"b1"}}};
  }

  void run() {
    for (int life = 0; life < 2; ++life) {  // the second begins after a clean stop
      store_ = good(Store::open(loop_.executor(), options_));
      vkey_ = store_->vkey();
      for (int round = 0; round < 4; ++round)
        run_round(life * 4 + round);
      store_.reset();
    }
  }

  const std::vector<Promise>& promises() const { return promises_; }
  PowerCut cut() const { return PowerCut(disk_.history()); }
  /// What is wrong with an image that survived a cut before `step`; empty: nothing.
  std::string trouble_with(DiskImage image, std::size_t step) const;

 private:
  void promise(Promise made) {
    made.step = disk_.steps();
    promises_.push_back(std::move(made));
  }
  void run_round(int round) {
    for (int i = 0; i < 3; ++i)
      send_readings(round * 10 + i);
    send_frame(round);
    milestones::Statement claim =
        topping_out(Act::Claim, Owner::Contractor, "hoist-" + std::to_string(round), minute(round));
    loop_.start<Recorded>(store_->statement(claim, {}), [this](Result<Recorded> recorded) {
      if (recorded) promise({0, {}, recorded->index, {}});
    });
    loop_.run_all();
    speak(round);
    loop_.run_all();
  }
  /// Each second round sets the action going, the one after it takes it back.
  void speak(int round) {
    const Act act = round % 2 == 0 ? Act::Confirm : Act::Dispute;
    const auto said = topping_out(act, Owner::Group, "sha256:12", minute(round * 1440));
    loop_.start<Recorded>(store_->statement(said, {}), [this](Result<Recorded> recorded) {
      if (recorded) promise({0, {}, recorded->index, {}});
    });
  }
  void send_readings(int number) {
    const double value = number;
    loop_.start<Accepted>(store_->readings({pm10(value, minute(number)),
                                            pm10(value + 0.5, minute(number), "dust-2")}),
                          [this, value](Result<Accepted> accepted) {
                            if (!accepted) return;
                            promise({0, value, {}, {}});
                            promise({0, value + 0.5, {}, {}});
                          });
  }
  void send_frame(int round) {
    FrameCommit commit;
    commit.camera = "mast";
    commit.taken = minute(round);
    commit.name = "frame " + std::to_string(round);
    commit.report.usable = true;
    commit.report.state = std::string(300, 's');
    commit.report.buildings = {
        {"b1", double(round), round, round + 1, Stage::Superstructure, 0.5, {}, false, ""}};
    commit.report.pictures = {{"masked", "", std::string(700, 'm') + std::to_string(round)},
                              {"overlay", "b1", std::string(600, 'o') + std::to_string(round)}};
    commit.statements = {topping_out(Act::Propose, Owner::Box, "mast", minute(round * 1440))};
    loop_.start<FrameCommitted>(store_->frame(commit), [this, round](Result<FrameCommitted> done) {
      if (!done) return;
      promise({0, {}, {}, "frame " + std::to_string(round)});
      for (const Recorded& recorded : done->recorded)
        promise({0, {}, recorded.index, {}});
    });
  }

  test::TempFolder folder_;  // lock and key only; the database lives on the simulated disk
  SimulatedDisk disk_;
  PowerLossVfs vfs_{"power-loss", disk_};
  SimulatedFiles files_;
  Store::Options options_;
  test::Loop loop_;
  std::unique_ptr<Store> store_;
  std::string vkey_;
  std::vector<Promise> promises_;
};

std::string missing_promise(Database& database, const std::vector<Promise>& promises,
                            std::size_t step) {
  for (const Promise& made : promises) {
    if (made.step > step) continue;
    if (made.reading &&
        database.integer("select count(*) from reading where value = ?", 0, *made.reading)
                .value() != 1)
      return "reading " + std::to_string(*made.reading) + " is not there once";
    if (made.event && !ledger::leaf(database, *made.event))
      return "event " + std::to_string(*made.event) + " is lost";
    if (!made.frame.empty()) {
      const auto cursors = frame_log::cursors(database);
      if (!cursors || cursors->empty() || cursors->front().frame < made.frame)
        return made.frame + " is lost";
    }
  }
  return "";
}

std::string double_reading(Database& database) {
  const auto doubles = database.integer(
      "select count(*) from (select 1 from reading group by value having count(*) > 1)", 0);
  return doubles && *doubles == 0 ? "" : "a reading is there twice";
}

std::string broken_ledger(Database& database, const std::string& vkey) {
  const VerifierKey key = parse_vkey(vkey).value();
  const Result<void> checked = ledger::check(database, &key);
  return checked ? "" : checked.error().text();
}

/// What a confirmation sets going is in the record if and only if the confirmation is.
std::string half_an_action(Database& database) {
  const auto confirmed =
      database.integer("select count(*) from milestone where status = 'confirmed'", -1);
  const auto standing = database.integer("select count(*) from action where stands = 1", -2);
  return *confirmed == *standing ? "" : "a confirmation without what it sets going, or the reverse";
}

std::string missing_picture(Database& database, EvidenceStore& evidence) {
  Statement rows = database.prepare("select sha256 from evidence");
  while (rows.next()) {
    const Result<std::string> bytes = evidence.read(database, rows.text(0));
    if (!bytes) return bytes.error().text();
  }
  return "";
}

std::string Scenario::trouble_with(DiskImage image, std::size_t step) const {
  SimulatedDisk disk(std::move(image));
  PowerLossVfs vfs("after-loss", disk);
  SimulatedFiles files(disk);
  auto database = Database::open({options_.state / "jieding.db", vfs.name(), true});
  if (!database) return database.error().text();
  if (auto migrated = migrate(**database); !migrated) return migrated.error().text();
  Statement check = (*database)->prepare("pragma integrity_check");
  if (!check.next() || check.view(0) != "ok") return "integrity check: " + check.text(0);
  EvidenceStore evidence(files, options_.state / "evidence");
  for (const std::string& trouble :
       {missing_promise(**database, promises_, step), double_reading(**database),
        broken_ledger(**database, vkey_), half_an_action(**database),
        missing_picture(**database, evidence)})
    if (!trouble.empty()) return trouble;
  return "";
}

TEST(PowerLoss, NothingAcknowledgedIsLostAtAnyStep) {
  Scenario scenario(true, true);
  scenario.run();
  ASSERT_EQ(scenario.promises().size(), 8u * (6 + 1 + 1 + 1 + 1));
  PowerCut cut = scenario.cut();
  std::size_t images = 0;
  for (std::size_t step = 0; step <= cut.size(); step += cut_stride) {
    cut.advance_to(step);
    ASSERT_EQ(scenario.trouble_with(cut.hardest(), step), "") << "nothing unsynced, step " << step;
    for (const std::uint64_t seed : {2 * step, 2 * step + 1}) {
      ASSERT_EQ(scenario.trouble_with(cut.some(seed), step), "")
          << "seed " << seed << ", step " << step;
    }
    images += 3;
  }
  std::cout << cut.size() << " steps, " << images << " surviving disks\n";
}

/// How many of a few dozen cuts lose something.
int losses(const Scenario& scenario) {
  PowerCut cut = scenario.cut();
  int lost = 0;
  for (std::size_t step = 0; step <= cut.size();
       step += std::max<std::size_t>(1, cut.size() / 40)) {
    cut.advance_to(step);
    if (!scenario.trouble_with(cut.hardest(), step).empty()) ++lost;
  }
  return lost;
}

TEST(PowerLoss, PowerLossIsNoticedWithoutSync) {
  Scenario scenario(false, true);
  scenario.run();
  EXPECT_GT(losses(scenario), 10);
}

TEST(PowerLoss, PowerLossIsNoticedWithoutFileSync) {
  Scenario scenario(true, false);
  scenario.run();
  EXPECT_GT(losses(scenario), 10);
}

}  // namespace
}  // namespace jieding::sync
