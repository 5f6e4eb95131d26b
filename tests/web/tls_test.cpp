#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A certificate and its key, made by the openssl program, in a folder that goes with the test.
class Tls : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("jieding-tls-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=box.site.lan -keyout " +
        key().string() + " -out " + certificate().string() + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << "openssl is needed";
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path certificate() const { return folder_ / "certificate.pem"; }
  fs::path key() const { return folder_ / "key.pem"; }
  ServerOptions options() const {
    auto options = quick();
    options.tls_certificate = certificate();
    options.tls_key = key();
    return options;
  }

 private:
  fs::path folder_;
};

TEST_F(Tls, TlsServesTheSame) {
  Rig rig(options(), {.open_to_viewers = true});
  EXPECT_TRUE(rig.server().url().starts_with("https://127.0.0.1:"));
  Client client(rig.port(), {.tls = true});
  const auto site = client.get("/api/v1/site", {{"Host", "box.site.lan"}});
  EXPECT_EQ(site.status, 200);
  EXPECT_EQ(site.body, R"({"site":{"id":"hz-demo"}})");
  EXPECT_EQ(site.header("strict-transport-security"), "max-age=31536000");
  const auto picture = client.get("/api/v1/evidence/" + std::string(64, 'a'));
  EXPECT_EQ(picture.body.size(), 200'000U);
  EXPECT_EQ(client.ask("POST", "/api/v1/milestones", "{}").status, 401);
}

TEST_F(Tls, StreamTellsOfAChangeUnderTls) {
  Rig rig(options(), {.open_to_viewers = true});
  {
    Client client(rig.port(), {.tls = true});
    client.send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.read_until("data: 0\n\n", 2s);
    rig.on_io([&] { rig.server().changed(); });
    EXPECT_NE(client.read_until("data: 1\n\n", 2s).find("data: 1"), std::string::npos);
  }
  Client next(rig.port(), {.tls = true});
  EXPECT_EQ(next.get("/healthz").status, 200);
}

TEST_F(Tls, PlainClientAtTheTlsDoorIsDropped) {
  Rig rig(options());
  auto client = rig.client();
  client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(client.ends_within(3s));
}

TEST_F(Tls, SilentClientAtTheTlsDoorIsDropped) {
  auto chosen = options();
  chosen.handshake_timeout = 100ms;
  Rig rig(chosen);
  EXPECT_TRUE(rig.client().ends_within(2s));
}

TEST_F(Tls, HugeBodyIsRefusedUnderTls) {
  Rig rig(options());
  Client client(rig.port(), {.tls = true});
  EXPECT_EQ(client.ask("POST", "/api/v1/session", std::string(500'000, 'x')).status, 413);
}

TEST_F(Tls, ListensBeyondLoopbackWithTls) {
  auto chosen = options();
  chosen.listen = "0.0.0.0:0";
  Rig rig(chosen);
  Client client(rig.port(), {.tls = true});
  EXPECT_EQ(client.get("/healthz").body, "ok");
}

TEST_F(Tls, BadCertificateIsAClearError) {
  boost::asio::io_context io;
  test::ManualClock clock;
  http::Routes routes;
  auto absent = options();
  absent.tls_certificate = "/absent.pem";
  auto half = options();
  half.tls_key.clear();
  auto strange = options();
  strange.tls_key = certificate();
  for (const auto& chosen : {absent, half, strange}) {
    const auto listening = Server(io.get_executor(), clock, routes, chosen).listen();
    ASSERT_FALSE(listening);
    EXPECT_NE(listening.error().text().find("web.tls_"), std::string::npos)
        << listening.error().text();
  }
}

}  // namespace
}  // namespace jieding::web
