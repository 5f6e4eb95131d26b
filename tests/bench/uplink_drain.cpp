// How fast a backlog of telemetry leaves the box, against a bare Paho QoS 1 publisher of the same
// payloads with the same window to the same broker, in the same run.
//   uplink_drain [readings = 100000] [window = 256] [pack = 1] [rounds = 3]
#include <mqtt/async_client.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "sync/messages.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/uplink/box.hpp"

namespace {

using namespace jieding;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Counts what is open with the broker; one token listener for all messages.
class Window : public mqtt::iaction_listener {
 public:
  explicit Window(int most) : most_(most) {}
  void open() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ < most_; });
    ++open_;
  }
  void wait_until_empty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ == 0; });
  }
  void on_success(const mqtt::token&) override { close(); }
  void on_failure(const mqtt::token&) override { std::abort(); }

 private:
  void close() {
    const std::lock_guard lock(mutex_);
    --open_;
    changed_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  int most_;
  int open_ = 0;
};

/// Messages per second.
double bare_paho(int port, const std::vector<sync::Message>& messages, int window_size) {
  mqtt::create_options create(MQTTVERSION_5);
  create.set_max_buffered_messages(65'535);
  mqtt::async_client client("tcp://127.0.0.1:" + std::to_string(port), "bare", create);
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_max_inflight(65'535);
  client.connect(options)->wait();
  Window window(window_size);
  const auto start = Clock::now();
  for (const sync::Message& message : messages) {
    auto made =
        mqtt::make_message(message.topic, message.payload.data(), message.payload.size(), 1, false);
    made->set_properties(mqtt::properties{{mqtt::property::CONTENT_TYPE, message.content_type}});
    window.open();
    client.publish(made, nullptr, window);
  }
  window.wait_until_empty();
  const double rate = static_cast<double>(messages.size()) / seconds_since(start);
  client.disconnect()->wait();
  return rate;
}

std::vector<sync::Message> same_payloads(test::Box& box, int readings, int pack) {
  std::function<Result<std::vector<sync::PendingReading>>(sync::Database&)> work =
      [readings](sync::Database& db) {
        return sync::outbox::telemetry(db, 0, static_cast<std::size_t>(readings));
      };
  const auto rows =
      box.wait(box.store().journal().read<std::vector<sync::PendingReading>>(std::move(work)));
  const sync::Topics topics("hz-demo", "gw1");
  std::vector<sync::Message> messages;
  for (std::size_t i = 0; i < rows->size();) {
    sync::TelemetryPack made(topics);
    for (int n = 0; n < pack && i < rows->size(); ++n, ++i)
      made.add((*rows)[i].reading, false);
    messages.push_back(made.finish());
  }
  return messages;
}

/// Telemetry waits until a platform has answered once.
void let_platform_answer(test::Box& box) {
  std::function<Result<sync::ReceiptVerdict>(sync::Database&)> work = [](sync::Database& db) {
    return sync::outbox::receipt(db, 0, sync::merkle::empty_root(), SystemClock().now().at);
  };
  box.wait(
      box.store().journal().write<sync::ReceiptVerdict>(std::move(work), sync::Importance::Record));
}

/// Messages per second, from the start of the uplink (connecting included) to the last PUBACK.
double through_the_box(boost::asio::io_context& io, test::Box& box, int port, int messages,
                       int window, int pack) {
  auto options = test::Box::quick(port);
  options.uplink.telemetry_window = window;
  options.uplink.telemetry_pack = pack;
  options.save_every = std::chrono::milliseconds{250};
  const auto start = Clock::now();
  box.start(options);
  const bool drained = test::until(
      io, [&box] { return box.uplink().drained(); }, std::chrono::seconds{120});
  const double rate = messages / seconds_since(start);
  box.stop();
  if (!drained) std::abort();
  return rate;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int place, int otherwise) {
    return argc > place ? std::atoi(argv[place]) : otherwise;
  };
  const int readings = argument(1, 100'000);
  const int window = argument(2, 256);
  const int pack = argument(3, 1);
  const int rounds = argument(4, 3);
  test::Mosquitto broker("max_inflight_messages 0\nlog_type none\nset_tcp_nodelay true");
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const auto folder = test::make_folder("jieding-bench");
    boost::asio::io_context io;
    test::Box box(io);
    box.open(folder);
    box.put_readings(readings);
    let_platform_answer(box);
    const auto messages = same_payloads(box, readings, pack);
    const double bare = bare_paho(broker.port(), messages, window);
    const double ours =
        through_the_box(io, box, broker.port(), static_cast<int>(messages.size()), window, pack);
    ratios.push_back(ours / bare);
    std::printf("round %d: bare Paho %.0f msg/s, uplink %.0f msg/s, ratio %.2f\n", round + 1, bare,
                ours, ratios.back());
    box.close();
    std::filesystem::remove_all(folder);
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf("%d readings, window %d, pack %d: median ratio %.2f\n", readings, window, pack,
              ratios[ratios.size() / 2]);
  return 0;
}
