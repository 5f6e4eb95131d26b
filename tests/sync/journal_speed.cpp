// Readings per second through the Store with many writers, beside raw SQLite with the same rows per
// commit, tables and settings. Not a test: run it on a quiet machine.
//   journal_speed [connections] [seconds]

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>

#include "sync/store.hpp"
#include "tests/sync/fixture.hpp"

namespace {

using namespace jieding;
using namespace jieding::sync;
using std::chrono::steady_clock;

Reading reading(int device, int number) {
  return test::pm10(number % 97, Instant(std::chrono::seconds(number)),
                    "dust-" + std::to_string(device));
}

boost::asio::awaitable<void> writer(Store& store, int device, steady_clock::time_point until,
                                    std::uint64_t& rows) {
  for (int number = 0; steady_clock::now() < until; ++number) {
    Batch batch{reading(device, number)};
    const Result<Accepted> accepted = co_await store.readings(std::move(batch));
    if (accepted) rows += accepted->stored;
  }
}

struct Speed {
  double rows_per_second;
  double rows_per_commit;
};

Speed through_store(int connections, std::chrono::seconds time) {
  const test::TempFolder folder;
  boost::asio::io_context io{1};
  Store::Options options;
  options.state = folder.path();
  options.site = "s";
  options.gateway = "g";
  auto store = Store::open(io.get_executor(), options).value();
  std::uint64_t rows = 0;
  const auto until = steady_clock::now() + time;
  for (int device = 0; device < connections; ++device)
    boost::asio::co_spawn(io, writer(*store, device, until, rows), boost::asio::detached);
  io.run();
  const auto commits = store->journal().metrics().commits;
  return {double(rows) / double(time.count()), double(rows) / double(commits)};
}

Speed raw(int rows_per_commit, std::chrono::seconds time) {
  const test::TempFolder folder;
  auto database = Database::open({folder.path() / "raw.db", {}, true}).value();
  migrate(*database).value();
  std::uint64_t rows = 0;
  std::uint64_t commits = 0;
  const auto until = steady_clock::now() + time;
  while (steady_clock::now() < until) {
    database->run("begin immediate").value();
    for (int i = 0; i < rows_per_commit; ++i, ++rows)
      database
          ->run(
              "insert into reading (series, at, nth, value, unit, received, quality, flag)"
              " values (?, ?, 0, ?, 1, ?, 2, '')",
              i, std::int64_t(rows), 1.5, std::int64_t(rows))
          .value();
    database->run("commit").value();
    ++commits;
  }
  return {double(rows) / double(time.count()), double(rows) / double(commits)};
}

}  // namespace

int main(int count, char** words) {
  const int connections = count > 1 ? std::atoi(words[1]) : 64;
  const std::chrono::seconds time(count > 2 ? std::atoi(words[2]) : 5);
  for (int round = 0; round < 3; ++round) {
    const Speed ours = through_store(connections, time);
    const Speed bare = raw(int(ours.rows_per_commit + 0.5), time);
    std::printf("store %.0f rows/s at %.1f rows per commit; raw SQLite %.0f rows/s; ratio %.2f\n",
                ours.rows_per_second, ours.rows_per_commit, bare.rows_per_second,
                ours.rows_per_second / bare.rows_per_second);
  }
}
