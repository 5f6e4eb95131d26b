#pragma once
// The whole web room over a fake record, served on a free port by a thread of its own.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/web/api.hpp"
#include "gateway/web/cameras_api.hpp"
#include "gateway/web/devices_api.hpp"
#include "gateway/web/findings_api.hpp"
#include "gateway/web/front_door.hpp"
#include "gateway/web/seats_api.hpp"
#include "gateway/web/series_api.hpp"
#include "gateway/web/server.hpp"
#include "gateway/web/sessions.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/web/web_client.hpp"

namespace jieding::web {

class FakeRecord : public Record {
 public:
  boost::asio::awaitable<Result<boost::json::value>> site() override;
  boost::asio::awaitable<Result<boost::json::value>> history(std::string building) override;
  boost::asio::awaitable<Result<boost::json::value>> events(std::uint64_t from,
                                                            std::uint64_t count) override;
  boost::asio::awaitable<Result<boost::json::value>> bulletin(BulletinPeriod period) override;
  std::string checkpoint() const override { return "jieding/hz-demo/gw1\n1\nAAAA\n"; }
  boost::asio::awaitable<Result<std::string>> ledger_file(std::string name) override;
  boost::asio::awaitable<Result<ShownPicture>> evidence(std::string sha256, int px) override;
  boost::asio::awaitable<Result<bool>> is_public(std::string) override {
    co_return pictures_public.load();
  }
  boost::asio::awaitable<Result<std::string>> document(std::string sha256) override;
  boost::asio::awaitable<Result<boost::json::value>> quarantine(Person reader,
                                                                std::uint64_t count) override;
  boost::asio::awaitable<Result<boost::json::value>> act(Person person, Said said) override;
  boost::asio::awaitable<Result<std::string>> keep_document(Person person,
                                                            std::string bytes) override;
  std::atomic<int> acts{0};
  boost::json::value site_answer{{"site", {{"id", "hz-demo"}}}};
  std::atomic<bool> pictures_public{true};
  boost::json::value bulletin_answer = boost::json::object{};
};

class FakeFindings : public FindingRecord {
 public:
  boost::asio::awaitable<Result<boost::json::value>> photo(Person person,
                                                           std::string jpeg) override;
  boost::asio::awaitable<Result<boost::json::value>> say(Person person, FindingInput input,
                                                         std::optional<OnceKey> once) override;
  boost::asio::awaitable<Result<boost::json::value>> findings(std::uint64_t count,
                                                              std::optional<Owner> reader) override;
  boost::asio::awaitable<Result<boost::json::value>> finding(std::uint64_t id,
                                                             std::optional<Owner> reader) override;
  std::atomic<int> photos{0};
  std::atomic<int> said{0};
  FindingInput last;  ///< what was said; read after the answer
  std::optional<OnceKey> last_key;
  std::optional<Owner> last_reader;
};

class FakeCameras : public CameraRecord {
 public:
  boost::asio::awaitable<Result<boost::json::value>> cameras() override;
  boost::asio::awaitable<Result<boost::json::value>> set_up(Person person, std::string camera,
                                                            boost::json::object setup) override;
  boost::asio::awaitable<Result<boost::json::value>> take_back(Person person,
                                                               std::string camera) override;
  boost::asio::awaitable<Result<boost::json::value>> ruler(std::string camera,
                                                           boost::json::object marked) override;
  boost::asio::awaitable<Result<boost::json::value>> publish(Person, PublicPictures rule) override {
    ++changes;
    last_rule = rule;
    co_return boost::json::value{{"ledger_index", 7}};
  }
  std::atomic<int> changes{0};
  PublicPictures last_rule;  ///< read after the answer
};

class FakeSeats : public SeatRecord {
 public:
  boost::asio::awaitable<Result<boost::json::value>> users() override;
  boost::asio::awaitable<Result<void>> add_user(Person by, UserInput user) override;
  boost::asio::awaitable<Result<void>> change_user(Person by, UserInput user) override;
  boost::asio::awaitable<Result<std::string>> make_link(Person by, std::string user) override;
  std::atomic<int> changes{0};
  UserInput last;  ///< read after the answer
};

class FakeDevices : public DeviceRecord {
 public:
  boost::asio::awaitable<Result<boost::json::value>> tokens() override;
  boost::asio::awaitable<Result<std::string>> issue_token(Person by, std::string id) override;
  boost::asio::awaitable<Result<void>> revoke_token(Person by, std::string id) override;
  std::atomic<int> changes{0};
};

class FakeSeries : public SeriesRecord {
 public:
  boost::asio::awaitable<Result<boost::json::value>> day_of(std::string device) override;
};

class MemoryStore : public SessionStore {
 public:
  boost::asio::awaitable<Result<std::optional<Grant>>> look(std::string token_sha256) override;
  boost::asio::awaitable<Result<std::optional<Grant>>> redeem(std::string token_sha256) override;
  boost::asio::awaitable<Result<void>> put(std::string cookie_sha256,
                                           StoredSession session) override;
  boost::asio::awaitable<Result<std::optional<StoredSession>>> find(
      std::string cookie_sha256) override;
  boost::asio::awaitable<Result<void>> drop(std::string cookie_sha256) override;
  boost::asio::awaitable<Result<std::string>> password_hash(std::string user) override;
  boost::asio::awaitable<Result<void>> set_password(std::string user, std::string hash) override;
  boost::asio::awaitable<Result<std::vector<std::pair<std::string, StoredSession>>>> sessions_of(
      std::string user) override;

  std::map<std::string, Grant> tokens;
  std::map<std::string, StoredSession> sessions;
  std::map<std::string, std::string> passwords;
};

/// A signed-in client's keys.
struct Keys {
  std::string cookie;
  std::string csrf;
  HeaderLines with_csrf() const { return {{"Cookie", cookie}, {"X-CSRF-Token", csrf}}; }
  HeaderLines without_csrf() const { return {{"Cookie", cookie}}; }
};

class Rig {
 public:
  explicit Rig(ServerOptions options = {}, Api::Options api_options = {},
               std::vector<http::Route> further = {});
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  std::uint16_t port() const { return port_; }
  Client client() { return Client(port_); }
  /// The token of a fresh one-time link for a user; of the viewer link for none.
  std::string link(const std::string& user);
  Keys sign_in(const std::string& user);
  void on_io(const std::function<void()>& work);
  void stop();
  std::vector<std::string> audited();

  test::ManualClock clock;
  FakeRecord record;
  FakeFindings findings;
  FakeCameras cameras;
  FakeSeats seats;
  FakeDevices devices;
  FakeSeries series;
  MemoryStore store;

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::string> audited_;
  Sessions sessions_;
  Api api_;
  FindingsApi findings_api_;
  CamerasApi cameras_api_;
  FrontDoor front_door_;
  SeatsApi seats_api_;
  DevicesApi devices_api_;
  SeriesApi series_api_;
  http::Routes routes_;
  Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;

 public:
  Server& server() { return server_; }
  const std::vector<http::Route> table;  ///< every route that the server has
};

/// Loopback, a free port, time-outs that suit a test.
ServerOptions quick();

}  // namespace jieding::web
