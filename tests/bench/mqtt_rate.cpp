// How many messages per second are acknowledged to publishers over MQTT (3.1.1, QoS 1, one reading
// each), by the gateway and by Mosquitto, in turns on the same machine and disk; and how many
// acknowledged ones are lost when each is killed with SIGKILL in the middle of it. Mosquitto keeps
// the messages for a subscriber that is away; with nobody subscribed it acknowledges and drops
// them.
//
//   build/release/mqtt_rate --gateway build/release/jieding

#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/ingest_gateway.hpp"
#include "tests/bench/mqtt_publisher.hpp"
#include "tests/bench/mqtt_subscriber.hpp"
#include "tests/support/mosquitto.hpp"

namespace {

namespace fs = std::filesystem;
using namespace jieding::bench;
using Kept = std::set<std::pair<std::string, std::int64_t>>;

struct Options {
  fs::path gateway = "build/release/jieding";
  fs::path folder = fs::temp_directory_path();
  std::size_t publishers = 64;
  std::size_t window = 20;
  double seconds = 6;
  int rounds = 3;
};

struct Outcome {
  double per_second = 0;
  double middle_ms = 0;
  double late_ms = 0;  ///< 99 of 100 are faster
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;
};

double quantile(std::vector<float>& waits, double share) {
  if (waits.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(waits.size() - 1));
  std::nth_element(waits.begin(), waits.begin() + at, waits.end());
  return static_cast<double>(waits[static_cast<std::size_t>(at)]);
}

std::uint64_t lost(const std::vector<std::unique_ptr<MqttPublisher>>& publishers,
                   const Kept& kept) {
  std::uint64_t missing = 0;
  for (const auto& each : publishers) {
    for (std::uint64_t i = 0; i < each->acknowledged(); ++i) {
      const std::int64_t second = MqttPublisher::first_second + static_cast<std::int64_t>(i);
      missing += kept.contains({each->device(), second}) ? 0 : 1;
    }
  }
  return missing;
}

/// Publishes for a while, kills in full run, and asks what is still there.
Outcome measure(const Options& options, const Crew& crew, std::uint16_t port,
                const std::function<Kept()>& kill_and_look) {
  boost::asio::io_context io;
  PublishTally tally;
  std::vector<std::unique_ptr<MqttPublisher>> publishers;
  for (std::size_t i = 0; i < crew.publishers.size(); ++i) {
    publishers.push_back(std::make_unique<MqttPublisher>(
        io, tally, options.window, crew.publishers[i], crew.publisher_tokens[i]));
    publishers.back()->start(port);
  }
  io.run_for(std::chrono::seconds{1});
  tally.counting = true;
  const auto begun = MqttPublisher::Clock::now();
  io.run_for(std::chrono::milliseconds{static_cast<long>(options.seconds * 1000)});
  const std::chrono::duration<double> took = MqttPublisher::Clock::now() - begun;
  tally.counting = false;
  if (!tally.complaint.empty()) throw std::runtime_error(tally.complaint);
  const Kept kept = kill_and_look();
  Outcome outcome;
  outcome.per_second = static_cast<double>(tally.counted) / took.count();
  outcome.middle_ms = quantile(tally.waits, 0.5);
  outcome.late_ms = quantile(tally.waits, 0.99);
  for (const auto& each : publishers)
    outcome.acknowledged += each->acknowledged();
  outcome.lost = lost(publishers, kept);
  return outcome;
}

Kept readings_in(const fs::path& file) {
  sqlite3* database = nullptr;
  sqlite3_stmt* query = nullptr;
  const char* const sql =
      "select s.device, r.at / 1000 from reading r join series s on s.id = r.series";
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(database, sql, -1, &query, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string("the gateway's database: ") + sqlite3_errmsg(database));
  }
  Kept kept;
  while (sqlite3_step(query) == SQLITE_ROW) {
    kept.emplace(reinterpret_cast<const char*>(sqlite3_column_text(query, 0)),
                 sqlite3_column_int64(query, 1));
  }
  sqlite3_finalize(query);
  sqlite3_close(database);
  return kept;
}

Outcome gateway(const Options& options) {
  const Crew crew = make_publishers(options.publishers);
  GatewayProcess process(options.gateway, options.folder, crew, {});
  return measure(options, crew, process.mqtt_port(), [&] {
    process.kill();
    return readings_in(process.database());
  });
}

enum class Subscriber { Away, None };

Outcome mosquitto(const Options& options, const std::string& persistence,
                  Subscriber subscriber = Subscriber::Away) {
  const Crew crew = make_publishers(options.publishers);
  jieding::test::Mosquitto broker(
      "persistence true\nmax_queued_messages 0\nlog_type error\n"
      "set_tcp_nodelay true\n" +
      persistence);
  const auto port = static_cast<std::uint16_t>(broker.port());
  if (subscriber == Subscriber::Away) leave_subscription(port);
  return measure(options, crew, port, [&] {
    broker.kill();
    broker.start();
    return collect_kept(port);
  });
}

void report(const std::string& name, const Outcome& outcome) {
  std::printf("%-46s %9.0f %8.1f %8.1f %12lu %10lu\n", name.c_str(), outcome.per_second,
              outcome.middle_ms, outcome.late_ms, outcome.acknowledged, outcome.lost);
  std::fflush(stdout);
}

int execute(int argc, char** argv) {
  Options options;
  CLI::App app{"Durable acknowledged messages per second over MQTT, beside Mosquitto"};
  app.add_option("--gateway", options.gateway, "the executable to measure")
      ->check(CLI::ExistingFile);
  app.add_option("--folder", options.folder, "where the gateway's state is to lie");
  app.add_option("--publishers", options.publishers, "at the same time");
  app.add_option("--window", options.window, "messages in flight of each");
  app.add_option("--seconds", options.seconds, "for each measurement");
  app.add_option("--rounds", options.rounds, "in turns");
  CLI11_PARSE(app, argc, argv);
  if (!jieding::test::Mosquitto::installed()) throw std::runtime_error("no Mosquitto here");
  std::printf("%zu publishers, %zu in flight each, %.0f s; the state is in %s\n",
              options.publishers, options.window, options.seconds, options.folder.c_str());
  std::printf("%-46s %9s %8s %8s %12s %10s\n", "", "acked/s", "p50 ms", "p99 ms", "acknowledged",
              "lost");
  std::vector<double> shares;
  bool lossless = true;
  for (int round = 0; round < options.rounds; ++round) {
    const Outcome ours = gateway(options);
    report("jieding", ours);
    const Outcome theirs = mosquitto(options, "");
    report("Mosquitto, persistence", theirs);
    report("the same, nobody subscribed", mosquitto(options, "", Subscriber::None));
    report("Mosquitto, autosave_interval 1, _on_changes true",
           mosquitto(options, "autosave_interval 1\nautosave_on_changes true"));
    shares.push_back(ours.per_second / theirs.per_second);
    lossless = lossless && ours.lost == 0;
  }
  std::sort(shares.begin(), shares.end());
  std::printf("jieding as a share of Mosquitto with persistence: %.2f (median of %zu)\n",
              shares[shares.size() / 2], shares.size());
  return lossless ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return execute(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "mqtt_rate: " << error.what() << '\n';
    return 1;
  }
}
