#include "tests/web/web_rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <future>

#include "gateway/domain/refusal.hpp"
#include "gateway/web/secrets.hpp"

namespace jieding::web {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

std::optional<Person> people(std::string_view user) {
  if (user == "li") return Person{"li", "Li Na", Owner::Group};
  if (user == "wang") return Person{"wang", "Wang Wei", Owner::Contractor};
  if (user == "zhao") return Person{"zhao", "Zhao Min", Owner::Operator};
  return std::nullopt;
}

SessionOptions session_options(std::vector<std::string>& audited) {
  SessionOptions options;
  options.audit = [&audited](const DoorEvent& event) {
    if (event.what != "signed_in") audited.push_back(std::string(event.what) + " " + event.peer);
  };
  return options;
}

std::vector<http::Route> joined(const std::vector<std::vector<http::Route>>& parts) {
  std::vector<http::Route> routes;
  for (const auto& part : parts)
    routes.insert(routes.end(), part.begin(), part.end());
  return routes;
}

}  // namespace

awaitable<Result<json::value>> FakeRecord::site() {
  co_return site_answer;
}

awaitable<Result<json::value>> FakeRecord::history(std::string building) {
  if (building != "b1") co_return Error(Fault::NotFound, "there is no building " + building);
  co_return json::value{{"building", building}, {"points", json::array{}}};
}

awaitable<Result<json::value>> FakeRecord::bulletin(BulletinPeriod period) {
  if (period.span == BulletinSpan::Named && to_text(period.named.to) == "2199-12-31")
    co_return Error(Fault::Invalid, "which has not come yet");
  co_return bulletin_answer;
}

awaitable<Result<json::value>> FakeRecord::events(std::uint64_t from, std::uint64_t count) {
  co_return json::value{{"size", 50}, {"from", from}, {"count", count}};
}

awaitable<Result<json::value>> FakeRecord::quarantine(Person, std::uint64_t count) {
  co_return json::value{{"newest", json::array{}}, {"count", count}};
}

awaitable<Result<std::string>> FakeRecord::ledger_file(std::string name) {
  if (name == "tile/entries/000.p/7") co_return std::string(7000, 'e');
  if (name != "tile/0/x001/234.p/5") co_return Error(Fault::NotFound, "no such tile");
  co_return std::string(5 * 32, 'h');
}

awaitable<Result<ShownPicture>> FakeRecord::evidence(std::string sha256, int px) {
  if (sha256 != std::string(64, 'a')) co_return Error(Fault::NotFound, "no such evidence");
  if (px == 960) co_return ShownPicture{std::string(200'000, 'J'), false};
  co_return ShownPicture{std::string(px == 0 ? 200'000 : 20'000, 'J'), true};
}

awaitable<Result<std::string>> FakeRecord::document(std::string sha256) {
  if (sha256 != std::string(64, 'a')) co_return Error(Fault::NotFound, "no such document");
  co_return "%PDF-1.7 " + std::string(100'000, 'D');
}

awaitable<Result<json::value>> FakeSeries::day_of(std::string device) {
  if (device != "dust-1") co_return Error(Fault::NotFound, "there is no device " + device);
  co_return json::value{{"device", device}, {"series", json::array{}}};
}

awaitable<Result<json::value>> FakeRecord::act(Person, Said) {
  ++acts;
  co_return json::value{{"status", "confirmed"}, {"ledger_index", 44}};
}

awaitable<Result<json::value>> FakeFindings::photo(Person, std::string jpeg) {
  ++photos;
  if (!jpeg.starts_with("\xff\xd8")) co_return Error(Fault::Invalid, "the photo: not_a_picture");
  json::object answer;
  answer["sha256"] = std::string(64, 'b');
  co_return json::value(std::move(answer));
}

awaitable<Result<json::value>> FakeFindings::say(Person person, FindingInput input,
                                                 std::optional<OnceKey> once) {
  ++said;
  last = std::move(input);
  last_key = std::move(once);
  if (person.role == Owner::Operator && last.act != FindingAct::SetDue)
    co_return Error(Fault::Refused, "owner operator may not do this with a finding",
                    refusal::not_their_part);
  co_return json::value{{"finding", 7}, {"status", "open"}, {"due", nullptr}, {"ledger_index", 7}};
}

awaitable<Result<json::value>> FakeFindings::findings(std::uint64_t count,
                                                      std::optional<Owner> reader) {
  last_reader = reader;
  co_return json::value{{"findings", json::array{}}, {"count", count}};
}

awaitable<Result<json::value>> FakeFindings::finding(std::uint64_t id,
                                                     std::optional<Owner> reader) {
  last_reader = reader;
  if (id != 7) co_return Error(Fault::NotFound, "there is no finding " + std::to_string(id));
  co_return json::value{{"finding", id}};
}

awaitable<Result<json::value>> FakeCameras::cameras() {
  co_return json::value{{"cameras", json::array{}}};
}

awaitable<Result<json::value>> FakeCameras::set_up(Person, std::string, json::object) {
  co_return json::value{{"ledger_index", ++changes}};
}

awaitable<Result<json::value>> FakeCameras::take_back(Person, std::string) {
  co_return json::value{{"ledger_index", ++changes}};
}

awaitable<Result<json::value>> FakeCameras::ruler(std::string, json::object) {
  co_return json::value{{"roof_error", 0.4}};
}

awaitable<Result<std::string>> FakeRecord::keep_document(Person, std::string) {
  co_return std::string(64, 'd');
}

awaitable<Result<std::optional<Grant>>> MemoryStore::look(std::string token_sha256) {
  const auto found = tokens.find(token_sha256);
  co_return found == tokens.end() ? std::optional<Grant>{} : std::optional<Grant>(found->second);
}

awaitable<Result<std::optional<Grant>>> MemoryStore::redeem(std::string token_sha256) {
  const auto found = tokens.find(token_sha256);
  if (found == tokens.end()) co_return std::optional<Grant>{};
  const Grant grant = found->second;
  if (!grant.user.empty()) tokens.erase(found);
  co_return std::optional<Grant>(grant);
}

awaitable<Result<void>> MemoryStore::put(std::string cookie_sha256, StoredSession session) {
  sessions.insert_or_assign(cookie_sha256, session);
  co_return Result<void>{};
}

awaitable<Result<std::optional<StoredSession>>> MemoryStore::find(std::string cookie_sha256) {
  const auto found = sessions.find(cookie_sha256);
  if (found == sessions.end()) co_return std::optional<StoredSession>{};
  co_return std::optional<StoredSession>(found->second);
}

awaitable<Result<void>> MemoryStore::drop(std::string cookie_sha256) {
  sessions.erase(cookie_sha256);
  co_return Result<void>{};
}

awaitable<Result<std::string>> MemoryStore::password_hash(std::string user) {
  const auto found = passwords.find(user);
  co_return found == passwords.end() ? std::string() : found->second;
}

awaitable<Result<void>> MemoryStore::set_password(std::string user, std::string hash) {
  passwords.insert_or_assign(user, hash);
  co_return Result<void>{};
}

awaitable<Result<std::vector<std::pair<std::string, StoredSession>>>> MemoryStore::sessions_of(
    std::string user) {
  std::vector<std::pair<std::string, StoredSession>> found;
  for (const auto& [name, session] : sessions)
    if (session.user == user) found.emplace_back(name, session);
  co_return found;
}

awaitable<Result<json::value>> FakeSeats::users() {
  co_return json::value{{"users", json::array{}}, {"door", json::array{}}};
}

awaitable<Result<void>> FakeSeats::add_user(Person, UserInput user) {
  ++changes;
  last = std::move(user);
  co_return Result<void>();
}

awaitable<Result<void>> FakeSeats::change_user(Person, UserInput user) {
  ++changes;
  last = std::move(user);
  co_return Result<void>();
}

awaitable<Result<json::value>> FakeDevices::tokens() {
  co_return json::value{{"tokens", json::array{}}};
}

awaitable<Result<std::string>> FakeDevices::issue_token(Person, std::string id) {
  if (id != "hoist-1") co_return Error(Fault::NotFound, "no device of this name has a token");
  ++changes;
  co_return std::string("fresh");
}

awaitable<Result<void>> FakeDevices::revoke_token(Person, std::string) {
  ++changes;
  co_return Result<void>();
}

awaitable<Result<std::string>> FakeSeats::make_link(Person, std::string user) {
  if (user != "li") co_return Error(Fault::NotFound, "there is no such user");
  co_return std::string("fresh");
}

/// As Vite writes it.
constexpr std::string_view built_page =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>x</title>"
    "<script type=\"module\" src=\"/assets/a.js\"></script></head><body>"
    "<div id=\"page\"></div><noscript>old</noscript></body></html>";

ServerOptions quick() {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  return options;
}

Rig::Rig(ServerOptions options, Api::Options api_options, std::vector<http::Route> further)
    : work_(io_.get_executor()),
      sessions_(store, clock, people, session_options(audited_)),
      api_(record, sessions_, api_options),
      findings_api_(findings, sessions_, clock, {api_options.open_to_viewers}),
      cameras_api_(cameras, sessions_, clock),
      front_door_(record, sessions_, built_page, {api_options.open_to_viewers}),
      seats_api_(seats, sessions_, clock),
      devices_api_(devices, sessions_, clock),
      series_api_(series, api_),
      server_(io_.get_executor(), clock, routes_,
              [&] {
                if (options.listen == ServerOptions{}.listen) options.listen = quick().listen;
                return options;
              }()),
      table(joined({api_.routes(), findings_api_.routes(), cameras_api_.routes(),
                    seats_api_.routes(), devices_api_.routes(), front_door_.routes(),
                    series_api_.routes(), std::move(further)})) {
  for (const auto& route : table)
    routes_.add(route);
  server_.add_stream("/api/v1/stream", [this](http::Request request) {
    return api_.refuse_reading(std::move(request));
  });
  server_.listen().value();
  port_ = server_.port();
  server_.start();
  thread_ = std::thread([this] { io_.run(); });
}

Rig::~Rig() {
  stop();
  work_.reset();
  io_.stop();
  thread_.join();
}

void Rig::stop() {
  boost::asio::co_spawn(io_, server_.stop(), boost::asio::use_future).get();
}

void Rig::on_io(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    work();
    done.set_value();
  });
  done.get_future().get();
}

std::string Rig::link(const std::string& user) {
  const auto token = random_token();
  on_io([&] { store.tokens[token_sha256(token)] = Grant{user}; });
  return token;
}

Keys Rig::sign_in(const std::string& user) {
  auto visitor = client();
  const auto answer = visitor.ask("POST", "/api/v1/session", R"({"token":")" + link(user) + R"("})",
                                  {{"Content-Type", "application/json"}});
  if (answer.status != 200) throw std::runtime_error("sign-in failed: " + answer.body);
  const auto cookie = answer.header("set-cookie");
  const auto csrf = json::parse(answer.body).at("csrf").as_string();
  return Keys{cookie.substr(0, cookie.find(';')), std::string(csrf.data(), csrf.size())};
}

std::vector<std::string> Rig::audited() {
  std::vector<std::string> copy;
  on_io([&] { copy = audited_; });
  return copy;
}

}  // namespace jieding::web
