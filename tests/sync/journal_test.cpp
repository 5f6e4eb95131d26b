#include "sync/journal.hpp"

#include <atomic>
#include <future>
#include <thread>

#include "tests/sync/fixture.hpp"
#include "tests/sync/loop.hpp"

namespace jieding::sync {
namespace {

using test::count;
using test::good;

/// Counts what a mirror is told; holds a number that mirrors the rows of table `t`.
class CountingMirror final : public Mirror {
 public:
  void writer_begins() override { at_writer_ = rows; }
  void writer_undone() override { rows = at_writer_; }
  Result<void> before_commit(Database&) override {
    if (fail_commit) return Error{Fault::Internal, "no commit today"};
    return {};
  }
  void committed() override { durable_ = rows; }
  void group_undone() override { rows = durable_; }

  int rows = 0;
  bool fail_commit = false;

 private:
  int at_writer_ = 0;
  int durable_ = 0;
};

class JournalTest : public ::testing::Test {
 protected:
  void start(Journal::Limits limits = {}, Journal::Callbacks callbacks = {}) {
    auto database = good(Database::open({folder_.path() / "t.db", {}, true}));
    good(database->script("create table if not exists t (x integer primary key)"));
    journal_ =
        std::make_unique<Journal>(std::move(database), loop_.executor(),
                                  std::vector<Mirror*>{&mirror_}, std::move(callbacks), limits);
  }
  boost::asio::awaitable<Result<int>> insert(int x) {
    std::function<Result<int>(Database&)> work = [this, x](Database& db) -> Result<int> {
      ++mirror_.rows;
      if (auto done = db.run("insert into t values (?)", x); !done) return done.error();
      return x;
    };
    return journal_->write<int>(std::move(work));
  }
  boost::asio::awaitable<Result<std::int64_t>> rows() {
    std::function<Result<std::int64_t>(Database&)> work = [](Database& db) {
      return db.integer("select count(*) from t", -1);
    };
    return journal_->read<std::int64_t>(std::move(work));
  }
  /// Holds the journal thread in a read until let go; returns when it is held.
  void hold(std::shared_future<void> until) {
    const auto held = std::make_shared<std::atomic<bool>>(false);
    std::function<Result<int>(Database&)> work = [until, held](Database&) -> Result<int> {
      *held = true;
      until.wait();
      return 0;
    };
    loop_.start<int>(journal_->read<int>(std::move(work)), [](Result<int>) {});
    while (!*held)
      loop_.poll();
  }

  test::TempFolder folder_;
  test::Loop loop_;
  CountingMirror mirror_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalTest, WhatIsWrittenIsRead) {
  start();
  EXPECT_EQ(good(loop_.run(insert(7))), 7);
  EXPECT_EQ(good(loop_.run(rows())), 1);
}

TEST_F(JournalTest, FailingWriterDoesNotUndoItsNeighbours) {
  start();
  std::promise<void> go;
  hold(go.get_future().share());
  int stored = 0;
  int refused = 0;
  for (const int x : {1, 2, 2, 3, 1, 4}) {
    loop_.start<int>(insert(x), [&](Result<int> result) { ++(result ? stored : refused); });
  }
  std::thread later([&] {
    while (journal_->metrics().depth < 6)
      std::this_thread::yield();
    go.set_value();
  });
  loop_.run_all();
  later.join();
  EXPECT_EQ(stored, 4);
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(good(loop_.run(rows())), 4);
  const Journal::Metrics metrics = journal_->metrics();
  EXPECT_EQ(metrics.commits, 1u) << "all in one group";
  EXPECT_EQ(metrics.writers, 4u);
  EXPECT_EQ(metrics.failed_writers, 2u);
  EXPECT_EQ(metrics.rows, 4u);
  journal_->close();
  EXPECT_EQ(mirror_.rows, 4) << "the mirror forgot what was undone";
}

TEST_F(JournalTest, FailedCommitFailsTheWholeGroupAndItsMirrors) {
  start();
  good(loop_.run(insert(1)));
  mirror_.fail_commit = true;  // the journal is idle: no race
  EXPECT_FALSE(loop_.run(insert(2)));
  EXPECT_EQ(good(loop_.run(rows())), 1);
  mirror_.fail_commit = false;
  good(loop_.run(insert(3)));
  journal_->close();
  EXPECT_EQ(mirror_.rows, 2);
}

TEST_F(JournalTest, FullQueueAnswersTooMuch) {
  start({.queue = 2, .group = 8});
  std::promise<void> go;
  hold(go.get_future().share());
  int too_much = 0;
  int stored = 0;
  for (int x = 0; x < 6; ++x) {
    loop_.start<int>(insert(x), [&](Result<int> result) {
      if (result) ++stored;
      if (!result && result.error().kind() == Fault::TooMuch && ++too_much == 4) go.set_value();
    });
  }
  loop_.run_all();
  EXPECT_EQ(too_much, 4);
  EXPECT_EQ(stored, 2);
}

TEST_F(JournalTest, CloseDrainsAndThenRefuses) {
  start();
  int stored = 0;
  for (int x = 0; x < 50; ++x)
    loop_.start<int>(insert(x), [&](Result<int> result) { stored += result ? 1 : 0; });
  loop_.poll();  // all of them have handed in
  journal_->close();
  loop_.run_all();
  EXPECT_EQ(stored, 50);
  const Result<int> late = loop_.run(insert(99));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind(), Fault::Unavailable);
  start();
  EXPECT_EQ(good(loop_.run(rows())), 50);
}

TEST_F(JournalTest, PreparedWorkThatFailsWritesNothing) {
  start();
  std::function<Result<void>()> prepare = [] { return Error{Fault::Full, "no room for the file"}; };
  std::function<Result<int>(Database&)> work = [](Database& db) -> Result<int> {
    if (auto done = db.run("insert into t values (1)"); !done) return done.error();
    return 1;
  };
  const Result<int> result = loop_.run(journal_->write_after<int>(prepare, work));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), Fault::Full);
  EXPECT_EQ(good(loop_.run(rows())), 0);
}

TEST_F(JournalTest, RecordIsTriedAgainWhenRoomIsMade) {
  bool room = false;
  start({}, {[&](Database&) { return room = true; }, {}});
  std::function<Result<int>(Database&)> work = [&](Database& db) -> Result<int> {
    if (auto done = db.run("insert into t values (1)"); !done) return done.error();
    if (!room) return Error{Fault::Full, "disk full"};
    return 1;
  };
  const Result<int> ordinary = loop_.run(journal_->write<int>(work));
  ASSERT_FALSE(ordinary);
  EXPECT_EQ(ordinary.error().kind(), Fault::Full);
  EXPECT_FALSE(room) << "only a Record may use the reserve";
  EXPECT_EQ(good(loop_.run(journal_->write<int>(work, Importance::Record))), 1);
  EXPECT_EQ(good(loop_.run(rows())), 1);
}

TEST_F(JournalTest, AcknowledgedWriteSurvivesReopen) {
  start();
  for (int x = 0; x < 20; ++x)
    good(loop_.run(insert(x)));
  journal_.reset();
  start();
  EXPECT_EQ(good(loop_.run(rows())), 20);
}

TEST_F(JournalTest, AnotherProcessMayWriteBetween) {
  start();
  good(loop_.run(insert(1)));
  auto beside = good(Database::open({folder_.path() / "t.db", {}, true}));
  good(beside->run("insert into t values (1000)"));
  good(loop_.run(insert(2)));
  EXPECT_EQ(good(loop_.run(rows())), 3);
}

TEST(Database, ErrorsKeepSqlitesCode) {
  const test::TempFolder folder;
  auto database = test::open_migrated(folder.path());
  good(database->run("insert into number values ('one', 1)"));
  const Result<void> twice = database->run("insert into number values ('one', 1)");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().kind(), Fault::Conflict);
  EXPECT_NE(twice.error().text().find("1555"), std::string::npos) << twice.error().text();
  EXPECT_FALSE(database->run("no such words"));
  EXPECT_FALSE(database->integer("select x from nowhere", 0));
}

}  // namespace
}  // namespace jieding::sync
