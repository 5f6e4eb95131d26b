// How many readings per second the gateway acknowledges after their commit, over HTTP and over
// HJ 212, as a share of what raw SQLite commits on the same disk at as many rows per commit; and
// how much memory it takes, with one 720p camera beside it.
//
//   build/release/ingest_load --gateway build/release/jieding

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/ingest_clients.hpp"
#include "tests/bench/ingest_gateway.hpp"
#include "tests/bench/ingest_pictures.hpp"
#include "tests/bench/ingest_sqlite.hpp"

namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;
using namespace jieding::bench;
using std::chrono::duration;

struct Options {
  fs::path gateway = "build/release/jieding";
  fs::path folder = fs::temp_directory_path();
  fs::path frames = JIEDING_TIMELAPSE;
  std::size_t connections = 64;
  std::vector<std::size_t> windows{1, 8};
  double seconds = 8;
  std::size_t pictures = 40;
};

enum class Way { Http, Hj212 };

struct Outcome {
  double per_second = 0;
  double rows_per_commit = 0;
  double commits_per_second = 0;
  double middle_ms = 0;
  double late_ms = 0;      ///< 99 of 100 are faster
  double gateway_cpu = 0;  ///< cores
  double load_cpu = 0;
  double gateway_mb = 0;
  std::uint64_t refused = 0;
  std::string complaint;
};

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double quantile(std::vector<float>& waits, double share) {
  if (waits.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(waits.size() - 1));
  std::nth_element(waits.begin(), waits.begin() + at, waits.end());
  return static_cast<double>(waits[static_cast<std::size_t>(at)]);
}

using Clients = std::vector<std::unique_ptr<Client>>;

Clients make_clients(asio::io_context& io, Tally& tally, Way way, std::size_t window,
                     const Crew& crew, std::vector<std::int64_t>& clocks) {
  Clients clients;
  for (std::size_t i = 0; i < crew.tokens.size(); ++i) {
    if (way == Way::Http) {
      clients.push_back(std::make_unique<Pusher>(io, tally, window, crew.tokens[i], clocks[i]));
    } else {
      clients.push_back(std::make_unique<Station>(io, tally, window, crew.stations[i], clocks[i]));
    }
  }
  return clients;
}

/// Lets what is in flight be answered, so that the next run begins with a quiet gateway.
void drain(asio::io_context& io, const Clients& clients) {
  for (const auto& client : clients)
    client->finish();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  const auto idle = [&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& c) { return c->idle(); });
  };
  while (!idle() && std::chrono::steady_clock::now() < end) {
    io.run_for(std::chrono::milliseconds{20});
  }
}

Outcome measure(const GatewayProcess& gateway, Way way, std::size_t window, const Crew& crew,
                std::vector<std::int64_t>& clocks, double seconds) {
  asio::io_context io;
  Tally tally;
  const Clients clients = make_clients(io, tally, way, window, crew, clocks);
  for (const auto& client : clients) {
    client->start(way == Way::Http ? gateway.web_port() : gateway.hj212_port());
  }
  io.run_for(std::chrono::seconds{1});
  const Counts before = gateway.counts();
  const double gateway_before = cpu_seconds(gateway.pid());
  const double own_before = own_cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  tally.counting = true;
  io.run_for(std::chrono::milliseconds{static_cast<long>(seconds * 1000)});
  tally.counting = false;
  const double took = duration<double>(std::chrono::steady_clock::now() - begun).count();
  Outcome outcome;
  outcome.gateway_cpu = (cpu_seconds(gateway.pid()) - gateway_before) / took;
  outcome.load_cpu = (own_cpu_seconds() - own_before) / took;
  const Counts after = gateway.counts();
  drain(io, clients);
  outcome.per_second = static_cast<double>(tally.readings) / took;
  if (after.commits > before.commits) {
    const auto commits = static_cast<double>(after.commits - before.commits);
    outcome.rows_per_commit = static_cast<double>(after.readings - before.readings) / commits;
    outcome.commits_per_second = commits / took;
  }
  outcome.middle_ms = quantile(tally.waits, 0.5);
  outcome.late_ms = quantile(tally.waits, 0.99);
  outcome.gateway_mb = static_cast<double>(status_kb(gateway.pid(), "VmRSS")) / 1024;
  outcome.refused = tally.refused;
  outcome.complaint = tally.complaint;
  return outcome;
}

/// Share of raw SQLite, measured right afterwards while the gateway rests.
void report(const std::string& name, const Outcome& outcome, const GatewayProcess& gateway,
            double seconds) {
  const auto rows = static_cast<std::size_t>(outcome.rows_per_commit + 0.5);
  const double raw = rows == 0 ? 0 : raw_sqlite_rate(gateway.database(), rows, seconds);
  std::printf("%-26s %9.0f %8.1f %8.1f %8.0f %9.0f %10.0f %7.2f %8.2f %6.2f %7.1f\n", name.c_str(),
              outcome.per_second, outcome.middle_ms, outcome.late_ms, outcome.rows_per_commit,
              outcome.commits_per_second, raw, raw > 0 ? outcome.per_second / raw : 0,
              outcome.gateway_cpu, outcome.load_cpu, outcome.gateway_mb);
  if (outcome.refused > 0) {
    std::printf("  %lu refused, the first: %s\n", outcome.refused, outcome.complaint.c_str());
  }
  std::fflush(stdout);
}

int measure_ingest(const Options& options) {
  const Crew crew = make_crew(options.connections);
  const GatewayProcess gateway(options.gateway, options.folder, crew, {});
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t start =
      std::chrono::duration_cast<std::chrono::seconds>(now).count() - 86'400 * 30;
  std::vector<std::int64_t> clocks(options.connections, start);

  std::printf("%zu connections, %.0f s each; the state is in %s; gateway at rest %.1f MB\n",
              options.connections, options.seconds, options.folder.c_str(),
              static_cast<double>(status_kb(gateway.pid(), "VmRSS")) / 1024);
  std::printf("%-26s %9s %8s %8s %8s %9s %10s %7s %8s %6s %7s\n", "", "acked/s", "p50 ms", "p99 ms",
              "rows/com", "commits/s", "SQLite/s", "share", "gw cores", "load", "gw MB");
  std::uint64_t refused = 0;
  const auto run = [&](const std::string& name, Way way, std::size_t window) {
    const Outcome outcome = measure(gateway, way, window, crew, clocks, options.seconds);
    report(name, outcome, gateway, options.seconds);
    refused += outcome.refused;
    if (outcome.per_second == 0) throw std::runtime_error(name + ": nothing was acknowledged");
  };
  run("HTTP, packs of 10", Way::Http, 1);
  for (const std::size_t window : options.windows) {
    run("HJ 212, window " + std::to_string(window), Way::Hj212, window);
  }
  std::printf("gateway: peak %.1f MB resident\n",
              static_cast<double>(status_kb(gateway.pid(), "VmHWM")) / 1024);
  return refused == 0 ? 0 : 1;
}

std::string rfc3339_of(const std::string& name) {
  return name.substr(0, 4) + "-" + name.substr(4, 2) + "-" + name.substr(6, 5) + ":" +
         name.substr(11, 2) + ":" + name.substr(13, 2) + "Z";
}

/// Memory of both processes while one 720p camera plays as fast as vision can see.
void measure_camera(const Options& options) {
  std::string pattern = (fs::absolute(options.folder) / "jieding-frames-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  const fs::path folder = pattern;
  const std::string last = make_720p_frames(options.frames / "frames", folder, options.pictures);
  if (last.empty()) throw std::runtime_error("no frames in " + options.frames.string());
  {
    const GatewayProcess::Camera camera{
        folder, 1280, 720, "[[504.6, 647.7], [775.1, 647.5], [769.7, 133.9], [511.5, 133.1]]"};
    const GatewayProcess gateway(options.gateway, options.folder, make_crew(1), camera);
    const auto begun = std::chrono::steady_clock::now();
    long vision_peak = 0;
    long vision = 0;
    long box_peak = 0;
    while (gateway.newest_picture() != rfc3339_of(last)) {
      const pid_t child = gateway.child("jieding-vision");
      vision = std::max(vision, status_kb(child, "VmRSS"));
      vision_peak = std::max(vision_peak, status_kb(child, "VmHWM"));
      box_peak = std::max(box_peak, status_kb(gateway.pid(), "VmHWM"));
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      if (std::chrono::steady_clock::now() - begun > std::chrono::minutes{3}) {
        throw std::runtime_error("the pictures are not seen; newest " + gateway.newest_picture());
      }
    }
    const double took = duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf(
        "one 720p camera, %zu pictures in %.1f s: vision %.1f MB (peak %.1f), gateway peak %.1f "
        "MB\n",
        options.pictures, took, static_cast<double>(vision) / 1024,
        static_cast<double>(vision_peak) / 1024, static_cast<double>(box_peak) / 1024);
  }
  fs::remove_all(folder);
}

int execute(int argc, char** argv) {
  Options options;
  CLI::App app{"Load on the gateway's doors"};
  app.add_option("--gateway", options.gateway, "the executable to measure")
      ->check(CLI::ExistingFile);
  app.add_option("--folder", options.folder,
                 "where the state is to lie: the disk that is measured");
  app.add_option("--connections", options.connections, "at the same time");
  app.add_option("--window", options.windows, "HJ 212 frames in flight on each connection");
  app.add_option("--seconds", options.seconds, "for each measurement");
  app.add_option("--frames", options.frames, "time-lapse for the camera's part");
  app.add_option("--pictures", options.pictures, "for the camera's part; 0: leave it out");
  CLI11_PARSE(app, argc, argv);
  const int outcome = measure_ingest(options);
  if (options.pictures > 0) measure_camera(options);
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return execute(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "ingest_load: " << error.what() << '\n';
    return 1;
  }
}
