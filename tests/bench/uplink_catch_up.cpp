// How long a platform that was away takes to have all events, over a real broker on loopback, and
// how long what is live waits meanwhile.
//   uplink_catch_up [events = 30000]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "tests/support/mosquitto.hpp"
#include "tests/uplink/box.hpp"
#include "tests/uplink/platform.hpp"

namespace {

using namespace jieding;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// From a picture's commit to the building's state at the platform.
double state_latency(boost::asio::io_context& io, test::Box& box, test::Platform& platform) {
  std::size_t seen = platform.messages().size();
  const auto came = [&] {
    for (; seen < platform.messages().size(); ++seen)
      if (platform.messages()[seen].topic.find("/state/") != std::string::npos) return true;
    return false;
  };
  const auto start = Clock::now();
  box.put_frame(7, {});
  if (!test::until(io, came)) std::abort();
  return ms_since(start);
}

void print(const char* when, std::vector<double> times) {
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  std::printf("state of a building, %s: median %.1f ms, p99 %.1f ms of %zu\n", when,
              times[times.size() / 2], times[times.size() * 99 / 100], times.size());
}

}  // namespace

int main(int argc, char** argv) {
  const int events = argc > 1 ? std::atoi(argv[1]) : 30'000;
  test::Mosquitto broker("log_type none\nset_tcp_nodelay true");
  const auto folder = test::make_folder("jieding-bench");
  {
    boost::asio::io_context io;
    test::Box box(io);
    box.open(folder);
    box.append_events(1);
    test::Platform platform(io, broker.port(), test::Platform::Receipts::Automatic);
    platform.join();
    box.start(test::Box::quick(broker.port()));
    if (!test::until(io, [&] { return box.receipted() == 1; })) std::abort();
    std::vector<double> quiet, busy;
    for (int i = 0; i < 100; ++i)
      quiet.push_back(state_latency(io, box, platform));
    platform.leave();
    box.append_events(events);
    const auto start = Clock::now();
    platform.join();
    const auto all = static_cast<std::uint64_t>(events) + 1;
    while (platform.held() < all)
      busy.push_back(state_latency(io, box, platform));
    const double seconds = ms_since(start) / 1000;
    std::printf("%d events caught up in %.1f s, %.0f a second\n", events, seconds,
                events / seconds);
    print("nothing to catch up", quiet);
    print("while catching up", busy);
    box.close();
  }
  std::filesystem::remove_all(folder);
  return 0;
}
