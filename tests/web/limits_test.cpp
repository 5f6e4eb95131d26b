#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

#include "gateway/web/pace.hpp"
#include "gateway/web/seats.hpp"
#include "gateway/web/server_core.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

using namespace std::chrono_literals;

boost::asio::awaitable<http::Response> size(http::Request request) {
  co_return http::Response{200, "text/plain", std::to_string(request.body.size()), {}};
}

std::vector<http::Route> size_routes() {
  return {{"POST", "/size", 100'000, size}};
}

TEST(Limits, HugeBodyIsRefused) {
  Rig rig({}, {}, size_routes());
  EXPECT_EQ(rig.client().ask("POST", "/size", std::string(100'000, 'x')).body, "100000");
  EXPECT_EQ(rig.client().ask("POST", "/size", std::string(100'001, 'x')).status, 413);
  EXPECT_EQ(rig.client().ask("POST", "/size", std::string(3'000'000, 'x')).status, 413);
  auto announced = rig.client();
  announced.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n");
  EXPECT_EQ(announced.read().status, 413) << "not a byte of it is waited for";
  EXPECT_EQ(rig.client().ask("GET", "/healthz", "body").status, 413);
}

TEST(Limits, HugeChunkedBodyIsRefused) {
  Rig rig({}, {}, size_routes());
  auto client = rig.client();
  client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 30; ++i)
    client.send("1000\r\n" + std::string(0x1000, 'x') + "\r\n");
  EXPECT_EQ(client.read().status, 413);
}

TEST(Limits, HugeHeaderIsRefused) {
  Rig rig;
  EXPECT_EQ(rig.client().get("/healthz", {{"X-Long", std::string(10'000, 'x')}}).status, 200);
  auto client = rig.client();
  EXPECT_EQ(client.get("/healthz", {{"X-Long", std::string(20'000, 'x')}}).status, 431);
  EXPECT_TRUE(client.ends_within(5s));
  EXPECT_EQ(rig.client().get("/" + std::string(20'000, 'x')).status, 431);
}

TEST(Limits, SlowClientIsDropped) {
  auto options = quick();
  options.header_timeout = 200ms;
  options.body_timeout = 200ms;
  options.idle_timeout = 300ms;
  Rig rig(options, {}, size_routes());
  auto silent = rig.client();
  auto half_header = rig.client();
  half_header.send("GET /healthz HTTP/1.1\r\nHo");
  auto half_body = rig.client();
  half_body.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  auto dripping = rig.client();
  for (const char c : std::string_view("GET /healthz HT")) {
    dripping.send(std::string_view(&c, 1));
    std::this_thread::sleep_for(30ms);
  }
  EXPECT_TRUE(half_header.ends_within(1s));
  EXPECT_TRUE(half_body.ends_within(1s));
  EXPECT_TRUE(dripping.ends_within(1s)) << "a byte now and then buys no more time";
  EXPECT_TRUE(silent.ends_within(1s));
}

TEST(Limits, ClientThatDoesNotReadIsDropped) {
  auto options = quick();
  options.write_timeout = 300ms;
  Rig rig(options, {.open_to_viewers = true});
  Client client(rig.port(), {.receive_buffer = 4096});
  for (int i = 0; i < 100; ++i) {
    client.send("GET /api/v1/evidence/" + std::string(64, 'a') +
                " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  std::this_thread::sleep_for(800ms);
  std::size_t connections = 1;
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (connections > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(50ms);
    rig.on_io([&] { connections = rig.server().connections(); });
  }
  EXPECT_EQ(connections, 0U);
}

TEST(Limits, ManyConnectionsAreBounded) {
  auto options = quick();
  options.max_connections = 20;
  options.max_connections_per_address = 10;
  Rig rig(options);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<Client>(rig.port()));
    EXPECT_EQ(clients.back()->get("/healthz").status, 200) << i;
  }
  auto surplus = rig.client();
  EXPECT_TRUE(surplus.ends_within(2s));
  clients.pop_back();
  int status = 0;
  for (int i = 0; i < 50 && status != 200; ++i) {
    std::this_thread::sleep_for(20ms);
    status = rig.client().get("/healthz").status;
  }
  EXPECT_EQ(status, 200) << "a place that was given back is there again";
}

TEST(Limits, FloodFromOneAddressIsSlowedDown) {
  auto options = quick();
  options.pace_loopback = true;
  options.requests_per_second = 10;
  options.request_burst = 5;
  Rig rig(options);
  auto client = rig.client();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(client.get("/healthz").status, 200) << i;
  const auto refused = client.get("/healthz");
  EXPECT_EQ(refused.status, 429);
  EXPECT_NE(refused.header("retry-after"), "");
  rig.clock.advance(1s);
  EXPECT_EQ(client.get("/healthz").status, 200);
}

TEST(Limits, GarbageBytesCloseTheConnection) {
  Rig rig;
  for (const std::string& garbage : std::vector<std::string>{
           std::string("\0\0\0\0\r\n\r\n", 8), "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\r\n\r\n",
           "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
           "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", std::string(5000, '\xff')}) {
    auto client = rig.client();
    client.send(garbage);
    if (garbage.find("\r\n\r\n") == std::string::npos) client.send("\r\n\r\n");
    EXPECT_TRUE(client.ends_within(5s)) << garbage;
  }
  EXPECT_EQ(rig.client().get("/healthz").status, 200);
}

TEST(Limits, TargetThatIsNoPathIsRefused) {
  Rig rig;
  auto client = rig.client();
  for (const std::string target : {"*", "http://elsewhere/", "/a%zz", "/a%00b", "/?a=%"}) {
    EXPECT_EQ(client.get(target).status, 400) << target;
  }
}

TEST(Limits, SeatsComeBack) {
  const auto seats = std::make_shared<Seats>(3, 2);
  auto first = seats->take("a");
  auto second = seats->take("a");
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(seats->take("a")) << "two for each";
  auto third = seats->take("b");
  EXPECT_TRUE(third);
  EXPECT_FALSE(seats->take("c")) << "three in all";
  second.reset();
  EXPECT_TRUE(seats->take("c"));
  EXPECT_EQ(seats->taken(), 2U);
}

TEST(Limits, PaceForgetsOnlyTheRested) {
  test::ManualClock clock;
  Pace pace(clock, 1, 2);
  EXPECT_TRUE(pace.allows("busy"));
  EXPECT_TRUE(pace.allows("busy"));
  EXPECT_FALSE(pace.allows("busy"));
  for (int i = 0; i < 4000; ++i)
    pace.allows(std::to_string(i));
  EXPECT_FALSE(pace.allows("busy"));
  clock.advance(1s);
  EXPECT_TRUE(pace.allows("busy"));
  EXPECT_FALSE(pace.allows("busy"));
}

TEST(Limits, SubscriberIsOneClient) {
  const auto client = [](const char* text) {
    return client_of(boost::asio::ip::make_address(text));
  };
  EXPECT_EQ(client("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
  EXPECT_EQ(client("::1"), "::1");
}

}  // namespace
}  // namespace jieding::web
