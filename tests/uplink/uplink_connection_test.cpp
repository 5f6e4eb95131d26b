// Laws of the connection: how a box comes, goes, and stays away.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>

#include "gateway/runtime/backoff.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/uplink/uplink_test.hpp"

extern char** environ;

namespace jieding::test {
namespace {

using Receipts = Platform::Receipts;
using std::chrono::milliseconds;
using sync::UplinkState;

using UplinkConnection = UplinkTest;

TEST_F(UplinkConnection, SilentBrokerIsLeftAndTriedAgain) {
  SilentBroker silent;
  auto options = Box::quick(silent.port());
  options.connect_timeout = milliseconds{50};
  box_.start(options);
  ASSERT_TRUE(until([&] { return silent.connections() >= 3; }));
  EXPECT_NE(box_.uplink().status().state, UplinkState::Connected);
  box_.stop();
  EXPECT_TRUE(box_.ended());
}

TEST_F(UplinkConnection, BrokerThatIsNotThereIsTriedAgain) {
  box_.start(Box::quick(free_port()));
  ASSERT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Offline; }));
  EXPECT_FALSE(box_.uplink().status().reason.empty());
}

TEST_F(UplinkConnection, WrongPasswordIsRefusedAndSaidWithoutThePassword) {
  std::ofstream(folder_ / "password") << "correct horse\n";
  std::ofstream(folder_ / "users") << "";  // nobody may
  start_broker("password_file " + (folder_ / "users").string() + "\nallow_anonymous false");
  auto options = quick();
  options.uplink.user = "box";
  options.uplink.password_file = folder_ / "password";
  ::testing::internal::CaptureStderr();
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Offline; }));
  EXPECT_EQ(box_.uplink().status().reason.find("correct horse"), std::string::npos);
  EXPECT_EQ(::testing::internal::GetCapturedStderr().find("correct horse"), std::string::npos);
}

/// Runs this program again as a box of its own, see main().
pid_t start_box_process(const std::filesystem::path& state, int port) {
  std::string program = "/proc/self/exe";
  std::string as = "--box";
  std::string folder = state.string();
  std::string port_text = std::to_string(port);
  std::vector<char*> arguments{program.data(), as.data(), folder.data(), port_text.data(), nullptr};
  pid_t child = -1;
  ::posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ);
  return child;
}

TEST_F(UplinkConnection, LastWillSaysOffline) {
  start_broker();
  start_platform(Receipts::Automatic);
  const pid_t child = start_box_process(folder_ / "other", broker_->port());
  ASSERT_TRUE(until([&] { return platform_->health() == "online"; }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(until([&] { return platform_->health() == "offline"; }));
}

TEST_F(UplinkConnection, CleanStopSaysStopped) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return platform_->health() == "online"; }));
  box_.stop();
  ASSERT_TRUE(until([&] { return platform_->health() == "stopped"; }));

  Platform later(io_, broker_->port(), Receipts::ByHand, "platform-2");
  later.join();
  ASSERT_TRUE(until([&] { return !later.health().empty(); }));
  EXPECT_EQ(later.health(), "stopped");  // retained, and the will was not sent after it
}

TEST_F(UplinkConnection, StopDoesNotWaitForABrokerThatSaysNothing) {
  start_broker();
  auto options = quick();
  options.farewell = milliseconds{100};
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Connected; }));
  broker_->freeze();
  box_.stop();
  EXPECT_TRUE(box_.ended());
}

TEST_F(UplinkConnection, UnacknowledgedPublishesFailExactlyOnce) {
  start_broker();
  int connections = 0;
  int losses = 0;
  sync::MqttSettings settings;
  settings.host = "127.0.0.1";
  settings.port = broker_->port();
  settings.client_id = "loser";
  sync::MqttClient client(io_.get_executor(), settings,
                          {[&](sync::Welcome) { ++connections; }, [&](std::string) { ++losses; },
                           [](sync::Message) {}});
  const sync::Message message{"somewhere", "something", "text/plain", false, {}, {}};
  client.connect(message);
  ASSERT_TRUE(until([&] { return connections == 1; }));
  broker_->freeze();
  std::vector<int> answers(100, 0);
  int good = 0;
  for (int& count : answers) {
    client.publish(message, [&count, &good](bool ok) {
      ++count;
      good += ok ? 1 : 0;
    });
  }
  broker_->kill();
  ASSERT_TRUE(until([&] { return losses == 1; }));
  client.publish(message, [&](bool ok) { answers.push_back(ok ? 2 : 1); });
  ASSERT_TRUE(until([&] { return answers.size() == 101; }));
  EXPECT_EQ(answers, std::vector<int>(101, 1));
  EXPECT_EQ(good, 0);
  EXPECT_EQ(client.open(), 0u);
}

void shell(const std::string& command) {
  ASSERT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
}

/// A certificate authority, and a server certificate for `localhost` by it.
void make_certificates(const std::filesystem::path& folder, const std::string& name) {
  const std::string base = (folder / name).string();
  const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
  shell("openssl req -x509 " + key + "-days 2 -subj /CN=" + name + "-ca -keyout " + base +
        "-ca.key -out " + base + "-ca.pem");
  shell("openssl req " + key + "-subj /CN=localhost -keyout " + base + ".key -out " + base +
        ".csr");
  std::ofstream(base + ".ext") << "subjectAltName=DNS:localhost\n";
  shell("openssl x509 -req -days 2 -in " + base + ".csr -CA " + base + "-ca.pem -CAkey " + base +
        "-ca.key -CAcreateserial -extfile " + base + ".ext -out " + base + ".pem");
}

TEST_F(UplinkConnection, TlsBrokerWithWrongCaIsRefused) {
  make_certificates(folder_, "right");
  make_certificates(folder_, "wrong");
  start_broker("certfile " + (folder_ / "right.pem").string() + "\nkeyfile " +
               (folder_ / "right.key").string());
  auto options = quick();
  options.uplink.host = "localhost";
  options.uplink.ca_file = folder_ / "wrong-ca.pem";
  box_.start(options);
  ASSERT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Offline; }));
  box_.stop();

  options.uplink.ca_file = folder_ / "right-ca.pem";
  box_.start(options);
  EXPECT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Connected; }))
      << box_.uplink().status().reason;
  box_.stop();

  options.uplink.host = "127.0.0.1";  // the certificate does not name it
  box_.start(options);
  EXPECT_TRUE(until([&] { return box_.uplink().status().state == UplinkState::Offline; }));
}

TEST(UplinkBackoff, BackoffResetsOnlyAfterAStableConnection) {
  test::ManualClock clock;
  Backoff backoff({milliseconds{500}, milliseconds{60'000}, milliseconds{30'000}}, clock, 7);
  for (int i = 0; i < 4; ++i)
    backoff.next();
  EXPECT_EQ(backoff.ceiling(), milliseconds{8'000});
  backoff.connected();
  clock.advance(milliseconds{29'999});
  backoff.next();
  EXPECT_EQ(backoff.ceiling(), milliseconds{16'000});
  backoff.connected();
  clock.advance(milliseconds{30'000});
  EXPECT_LE(backoff.next(), milliseconds{500});
  EXPECT_EQ(backoff.ceiling(), milliseconds{1'000});
  clock.advance(milliseconds{90'000});  // time without a connection is not stability
  backoff.next();
  EXPECT_EQ(backoff.ceiling(), milliseconds{2'000});
}

TEST(UplinkBackoff, WaitsAreSpreadOverTheWholeRange) {
  test::ManualClock clock;
  Backoff backoff({milliseconds{500}, milliseconds{4'000}, milliseconds{30'000}}, clock, 42);
  for (int i = 0; i < 10; ++i)
    backoff.next();
  milliseconds least{4'000};
  milliseconds most{0};
  for (int i = 0; i < 1000; ++i) {
    const milliseconds wait = backoff.next();
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, milliseconds{100});
  EXPECT_GT(most, milliseconds{3'900});
  EXPECT_LE(most, milliseconds{4'000});
}

}  // namespace
}  // namespace jieding::test
