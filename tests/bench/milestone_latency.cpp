// From a milestone's commit to the platform's hands, over a real broker on loopback.
//   milestone_latency [milestones = 1000]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "tests/support/mosquitto.hpp"
#include "tests/uplink/box.hpp"
#include "tests/uplink/platform.hpp"

int main(int argc, char** argv) {
  using namespace jieding;
  using Clock = std::chrono::steady_clock;
  const int milestones = argc > 1 ? std::atoi(argv[1]) : 1000;
  test::Mosquitto broker("log_type none\nset_tcp_nodelay true");
  const auto folder = test::make_folder("jieding-bench");
  std::vector<double> times;
  {
    boost::asio::io_context io;
    test::Box box(io);
    box.open(folder);
    test::Platform platform(io, broker.port(), test::Platform::Receipts::Automatic);
    platform.join();
    box.append_events(1);
    box.start(test::Box::quick(broker.port()));
    if (!test::until(io, [&] { return box.receipted() == 1; })) std::abort();
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(milestones); ++i) {
      const auto start = Clock::now();  // the rules decide within this transaction
      box.append_events(1);
      if (!test::until(io, [&] { return platform.held() == i + 2; })) std::abort();
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    box.close();
  }
  std::filesystem::remove_all(folder);
  std::sort(times.begin(), times.end());
  std::printf("%d milestones, decided to at the platform: median %.1f ms, p99 %.1f ms, most %.1f\n",
              milestones, times[times.size() / 2], times[times.size() * 99 / 100], times.back());
  return 0;
}
