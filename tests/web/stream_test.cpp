#include <gtest/gtest.h>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

using namespace std::chrono_literals;

const std::string ask_for_stream = "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr Api::Options open_site{.open_to_viewers = true};

std::size_t connections(Rig& rig) {
  std::size_t count = 0;
  rig.on_io([&] { count = rig.server().connections(); });
  return count;
}

bool empties(Rig& rig, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (connections(rig) > 0) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

TEST(Stream, StreamTellsOfAChange) {
  Rig rig({}, open_site);
  auto client = rig.client();
  client.send(ask_for_stream);
  const auto opening = client.read_until("data: 0\n\n", 2s);
  EXPECT_NE(opening.find("Content-Type: text/event-stream"), std::string::npos) << opening;
  EXPECT_NE(opening.find("frame-ancestors"), std::string::npos);
  EXPECT_NE(opening.find("Cache-Control: no-store"), std::string::npos);
  rig.on_io([&] { rig.server().changed(); });
  EXPECT_EQ(client.read_until("data: 1\n\n", 2s), "event: change\ndata: 1\n\n");
}

TEST(Stream, ManyChangesBecomeFewEvents) {
  auto options = quick();
  options.stream_interval = 100ms;
  Rig rig(options, open_site);
  auto client = rig.client();
  client.send(ask_for_stream);
  client.read_until("data: 0\n\n", 2s);
  for (int i = 0; i < 1000; ++i)
    rig.on_io([&] { rig.server().changed(); });
  const auto told = client.read_until("data: 1000\n\n", 3s);
  EXPECT_NE(told.find("data: 1000\n\n"), std::string::npos) << told;
  std::size_t events = 0;
  for (auto at = told.find("event:"); at != std::string::npos; at = told.find("event:", at + 1)) {
    ++events;
  }
  EXPECT_LT(events, 50U);
}

TEST(Stream, QuietStreamIsKeptAlive) {
  auto options = quick();
  options.stream_keep_alive = 50ms;
  Rig rig(options, open_site);
  auto client = rig.client();
  client.send(ask_for_stream);
  client.read_until("data: 0\n\n", 2s);
  EXPECT_EQ(client.read_until("\n\n", 2s).substr(0, 14), ": keep-alive\n\n");
}

TEST(Stream, StreamsAreBounded) {
  auto options = quick();
  options.max_streams_per_address = 2;
  Rig rig(options, open_site);
  auto first = rig.client();
  auto second = std::make_unique<Client>(rig.port());
  first.send(ask_for_stream);
  second->send(ask_for_stream);
  first.read_until("data:", 2s);
  second->read_until("data:", 2s);
  EXPECT_EQ(rig.client().get("/api/v1/stream").status, 429);
  second.reset();
  int status = 429;
  for (int i = 0; i < 50 && status == 429; ++i) {
    std::this_thread::sleep_for(20ms);
    auto next = rig.client();
    next.send(ask_for_stream);
    status = next.read_until("\n", 2s).starts_with("HTTP/1.1 200") ? 200 : 429;
  }
  EXPECT_EQ(status, 200) << "a closed page gives its place back at once";
}

TEST(Stream, SlowStreamIsDropped) {
  auto options = quick();
  options.stream_interval = 0ms;
  options.write_timeout = 300ms;
  Rig rig(options, open_site);
  Client client(rig.port(), {.receive_buffer = 2048});
  client.send(ask_for_stream);
  const auto until = std::chrono::steady_clock::now() + 15s;
  while (connections(rig) == 0)
    std::this_thread::sleep_for(5ms);
  while (connections(rig) > 0 && std::chrono::steady_clock::now() < until) {
    for (int i = 0; i < 50; ++i)
      rig.on_io([&] { rig.server().changed(); });
  }
  EXPECT_EQ(connections(rig), 0U);
}

TEST(Stream, StreamEndsWithItsTerm) {
  auto options = quick();
  options.stream_keep_alive = 30ms;
  options.stream_lifetime = 60s;
  Rig rig(options, open_site);
  auto client = rig.client();
  client.send(ask_for_stream);
  client.read_until("data: 0\n\n", 2s);
  rig.clock.advance(61s);
  EXPECT_TRUE(client.ends_within(2s));
  EXPECT_TRUE(empties(rig, 2s));
}

TEST(Stream, StopEndsStreamsAtOnce) {
  Rig rig({}, open_site);
  auto client = rig.client();
  client.send(ask_for_stream);
  client.read_until("data: 0\n\n", 2s);
  const auto began = std::chrono::steady_clock::now();
  rig.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1s);
  EXPECT_TRUE(client.ends_within(1s));
}

TEST(Stream, ClosedPageIsNoticed) {
  Rig rig({}, open_site);
  {
    auto client = rig.client();
    client.send(ask_for_stream);
    client.read_until("data: 0\n\n", 2s);
  }
  EXPECT_TRUE(empties(rig, 2s));
}

}  // namespace
}  // namespace jieding::web
