// A thousand dust stations, each connected and sending nine values once a second: how long each
// waits for its 9014, which follows the commit, and how much memory the gateway takes.
//
//   build/release/hj212_stations --gateway build/release/jieding

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/ingest_clients.hpp"
#include "tests/bench/ingest_gateway.hpp"

namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;
using namespace jieding::bench;
using namespace std::chrono_literals;

struct Options {
  fs::path gateway = "build/release/jieding";
  fs::path folder = fs::temp_directory_path();
  std::size_t stations = 1000;
  double seconds = 30;
};

/// Lets one station send at a time, in turn, so that each sends once a second.
class Turns {
 public:
  /// `late`: how much later than wanted each turn came, which is the machine's doing.
  Turns(asio::io_context& io, const std::vector<std::unique_ptr<Station>>& stations,
        std::vector<float>& late)
      : late_(late), timer_(io), stations_(stations), next_at_(Client::Clock::now()) {
    wait();
  }

 private:
  void wait() {
    next_at_ += std::chrono::nanoseconds{1'000'000'000 / stations_.size()};
    timer_.expires_at(next_at_);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      const std::chrono::duration<float, std::milli> late = Client::Clock::now() - next_at_;
      late_.push_back(late.count());
      stations_[turn_++ % stations_.size()]->tick();
      wait();
    });
  }

  std::vector<float>& late_;  ///< ms
  asio::steady_timer timer_;
  const std::vector<std::unique_ptr<Station>>& stations_;
  Client::Clock::time_point next_at_;
  std::size_t turn_ = 0;
};

double quantile(std::vector<float>& waits, double share) {
  if (waits.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(waits.size() - 1));
  std::nth_element(waits.begin(), waits.begin() + at, waits.end());
  return static_cast<double>(waits[static_cast<std::size_t>(at)]);
}

/// Two descriptors a station: one here, one in the gateway that inherits the limit.
void allow_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

double megabytes(pid_t pid, const std::string& field) {
  return static_cast<double>(status_kb(pid, field)) / 1024;
}

int measure(const Options& options) {
  allow_descriptors();
  Crew crew = make_crew(options.stations);
  crew.pushers.clear();
  crew.tokens.clear();
  const GatewayProcess gateway(options.gateway, options.folder, crew, {});
  const double at_rest = megabytes(gateway.pid(), "VmRSS");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto start = std::chrono::duration_cast<std::chrono::seconds>(now).count() - 86'400;
  asio::io_context io;
  Tally tally;
  std::vector<std::int64_t> clocks(options.stations, start);
  std::vector<std::unique_ptr<Station>> stations;
  for (std::size_t i = 0; i < options.stations; ++i) {
    stations.push_back(std::make_unique<Station>(io, tally, 0, crew.stations[i], clocks[i]));
    stations.back()->start(gateway.hj212_port());
  }
  std::vector<float> late;
  const Turns turns(io, stations, late);
  io.run_for(3s);  // every station has spoken at least twice
  const double connected = megabytes(gateway.pid(), "VmRSS");
  const double cpu = cpu_seconds(gateway.pid());
  tally.counting = true;
  late.clear();
  io.run_for(std::chrono::milliseconds{static_cast<long>(options.seconds * 1000)});
  tally.counting = false;
  const double cores = (cpu_seconds(gateway.pid()) - cpu) / options.seconds;
  std::printf("%zu stations, one frame of %zu values a second each, %.0f s\n", options.stations,
              Station::readings_per_frame, options.seconds);
  std::printf("acknowledged frames/s %.0f, refused %llu\n",
              static_cast<double>(tally.waits.size()) / options.seconds,
              static_cast<unsigned long long>(tally.refused));
  std::printf("acknowledgement ms: p50 %.1f, p99 %.1f, most %.1f\n", quantile(tally.waits, 0.5),
              quantile(tally.waits, 0.99), quantile(tally.waits, 1));
  std::printf("the load itself came late by ms: p99 %.1f, most %.1f\n", quantile(late, 0.99),
              quantile(late, 1));
  std::printf("gateway: %.2f cores; %.1f MB at rest, %.1f connected, %.1f at the end, %.1f most\n",
              cores, at_rest, connected, megabytes(gateway.pid(), "VmRSS"),
              megabytes(gateway.pid(), "VmHWM"));
  if (!tally.complaint.empty()) std::printf("first complaint: %s\n", tally.complaint.c_str());
  for (const auto& station : stations)
    station->finish();
  return tally.refused == 0 && !tally.waits.empty() ? 0 : 1;
}

int execute(int argc, char** argv) {
  Options options;
  CLI::App app{"Many HJ 212 stations on one gateway"};
  app.add_option("--gateway", options.gateway, "the executable to measure")
      ->check(CLI::ExistingFile);
  app.add_option("--folder", options.folder, "where the state is to lie");
  app.add_option("--stations", options.stations, "connected at the same time")
      ->check(CLI::Range(1, 9000));
  app.add_option("--seconds", options.seconds, "to measure");
  CLI11_PARSE(app, argc, argv);
  return measure(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return execute(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "hj212_stations: " << error.what() << '\n';
    return 1;
  }
}
