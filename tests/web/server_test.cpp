#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "gateway/runtime/as_result.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

asio::awaitable<http::Response> echo(http::Request request) {
  co_return http::Response{200, "text/plain", std::move(request.body), {}};
}

asio::awaitable<http::Response> slow_echo(http::Request request) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 300ms);
  co_await timer.async_wait(as_result);
  co_return http::Response{200, "text/plain", std::move(request.body), {}};
}

asio::awaitable<http::Response> fail(http::Request) {
  throw std::runtime_error("the handler broke");
  co_return http::Response{};
}

asio::awaitable<http::Response> split(http::Request) {
  co_return http::Response{200, "text/plain", "x", {{"X-Evil", "a\r\nSet-Cookie: b=c"}}};
}

std::vector<http::Route> echo_routes() {
  return {{"POST", "/echo", 1000, echo},
          {"PUT", "/echo", 1000, echo},
          {"POST", "/slow", 1000, slow_echo},
          {"PUT", "/gated", 3'000'000, echo,
           [](http::Request& request) -> std::optional<http::Response> {
             if (!request.header("x-key").empty()) return std::nullopt;
             return http::problem(401, "Not authorised", "the key is missing");
           }},
          {"GET", "/broken", 0, fail},
          {"GET", "/split", 0, split}};
}

TEST(Server, UnknownPathIsAProblem) {
  Rig rig;
  auto client = rig.client();
  const auto answer = client.get("/nowhere");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_NE(answer.body.find("\"detail\""), std::string::npos);
  EXPECT_EQ(client.get("/healthz").status, 200) << "the connection lives on";
}

TEST(Server, OtherMethodIsAProblemThatNamesTheRightOnes) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  const auto answer = client.ask("DELETE", "/echo");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "POST, PUT");
  EXPECT_EQ(client.ask("POST", "/api/v1/stream").header("allow"), "GET");
}

TEST(Problem, NamesItsNodeInAFieldOfItsOwn) {
  const Error refused(Fault::Conflict, "the image is for another board", "image_board", "wind-1");
  const auto answer = http::problem(refused.in("node wind-1"));
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find(R"("detail":"node wind-1: the image is for another board")"),
            std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find(R"("node":"wind-1")"), std::string::npos) << answer.body;
  const auto other = http::problem(Error(Fault::Conflict, "one runs"));
  EXPECT_EQ(other.body.find(R"("node")"), std::string::npos) << other.body;
}

TEST(Server, HeadHasNoBody) {
  Rig rig;
  auto client = rig.client();
  const auto answer = client.ask("HEAD", "/healthz");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "2");
  EXPECT_EQ(client.ask("HEAD", "/nowhere").status, 404);
  EXPECT_EQ(client.get("/healthz").body, "ok") << "nothing of a body was left in between";
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n" +
                std::to_string(10 + i);
  }
  client.send(requests);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(client.read().body, std::to_string(10 + i));
}

TEST(Server, ChunkedBodyIsPutTogether) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc");
  std::this_thread::sleep_for(20ms);
  client.send("\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().body, "abcde");
  EXPECT_EQ(client.get("/healthz").body, "ok");
}

TEST(Server, PatientClientIsToldToContinue) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
      "2\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("ok");
  EXPECT_EQ(client.read().body, "ok");
}

TEST(Server, GateRefusesBeforeTheBodyIsSent) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  client.send(
      "PUT /gated HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
      "3000000\r\n\r\n");
  EXPECT_EQ(client.read().status, 401) << "not a byte of it is waited for";
  EXPECT_EQ(rig.client().ask("PUT", "/gated", std::string(3'000'000, 'x')).status, 401);
  EXPECT_EQ(rig.client().ask("PUT", "/gated", "ok", {{"X-Key", "1"}}).body, "ok");
}

TEST(Server, OldClientIsServedAndLetGo) {
  Rig rig;
  auto client = rig.client();
  client.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read().body, "ok");
  EXPECT_TRUE(client.ends_within(2s));
}

TEST(Server, BrokenRouteIsAnInternalError) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  const auto answer = client.get("/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("broke\""), std::string::npos) << "the cause is for the log";
  EXPECT_EQ(client.get("/healthz").status, 200);
}

TEST(Server, HeaderCannotBeSplit) {
  Rig rig({}, {}, echo_routes());
  const auto answer = rig.client().get("/split");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("set-cookie"), "");
}

TEST(Server, SecurityHeadersAreOnEverything) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  std::vector<Answer> answers{client.get("/healthz"),     client.get("/nowhere"),
                              client.get("/api/v1/site"), client.ask("DELETE", "/echo"),
                              client.get("/broken"),      client.ask("POST", "/echo", "x")};
  auto garbled = rig.client();
  garbled.send("\x16\x03\x01 nonsense\r\n\r\n");
  answers.push_back(garbled.read());
  for (const auto& answer : answers) {
    const auto policy = answer.header("content-security-policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'")) << answer.status;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << answer.status;
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("strict-transport-security"), "") << "only under TLS";
    EXPECT_TRUE(answer.header("date").ends_with(" GMT")) << answer.header("date");
    EXPECT_EQ(answer.header("date").size(), 29U);
  }
}

TEST(Server, ForeignNameIsMisdirected) {
  auto options = quick();
  options.host_names = {"box.site.lan"};
  Rig rig(options);
  auto client = rig.client();
  for (const std::string host : {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080",
                                 "10.1.2.3", "box.site.lan:8080"}) {
    EXPECT_EQ(client.get("/healthz", {{"Host", host}}).status, 200) << host;
  }
  for (const std::string host :
       {"evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "[::1", "["}) {
    EXPECT_EQ(client.get("/healthz", {{"Host", host}}).status, 421) << host;
  }
  client.send("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read().status, 400);
}

TEST(Server, PlainHttpOffLoopbackIsRefused) {
  asio::io_context io;
  test::ManualClock clock;
  http::Routes routes;
  for (const std::string listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:8080"}) {
    auto options = quick();
    options.listen = listen;
    Server server(io.get_executor(), clock, routes, options);
    const auto listening = server.listen();
    ASSERT_FALSE(listening) << listen;
    EXPECT_NE(listening.error().text().find("needs TLS"), std::string::npos);
  }
  for (const std::string listen :
       {"", "8080", "localhost", "127.0.0.1:", "127.0.0.1:x", "a.b:80", "127.0.0.1:70000"}) {
    auto options = quick();
    options.listen = listen;
    EXPECT_FALSE(Server(io.get_executor(), clock, routes, options).listen()) << listen;
  }
}

TEST(Server, TakenPortIsAClearError) {
  Rig rig;
  asio::io_context io;
  test::ManualClock clock;
  http::Routes routes;
  auto options = quick();
  options.listen = "127.0.0.1:" + std::to_string(rig.port());
  const auto listening = Server(io.get_executor(), clock, routes, options).listen();
  ASSERT_FALSE(listening);
  EXPECT_NE(listening.error().text().find("free the port"), std::string::npos);
}

TEST(Server, StopFinishesWhatIsInFlight) {
  Rig rig({}, {}, echo_routes());
  auto client = rig.client();
  auto idle = rig.client();
  EXPECT_EQ(idle.get("/healthz").status, 200);
  client.send("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nwork");
  std::this_thread::sleep_for(50ms);
  const auto began = std::chrono::steady_clock::now();
  rig.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  const auto answer = client.read();
  EXPECT_EQ(answer.body, "work");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(idle.ends_within(1s));
  EXPECT_ANY_THROW(rig.client());
}

}  // namespace
}  // namespace jieding::web
