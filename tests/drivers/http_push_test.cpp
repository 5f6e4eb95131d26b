#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view hoist_token = "hoist-token-0123456789";
constexpr std::string_view crane_token = "crane-token-0123456789";

class HttpPush : public testing::Test {
 protected:
  HttpPush() {
    house.config.buildings.push_back({"b1", "b1", 18, 2.9});
    device("hoist-1", hoist_token);
    device("crane-1", crane_token);
  }
  void device(std::string id, std::string_view token) {
    config::Device& added = house.config.devices.emplace_back();
    added.token_file = scratch.write(id + ".token", std::string(token) + "\n");
    added.id = std::move(id);
    added.driver = "http";
  }
  void open() { house.start("http"); }

  http::Response post(const std::string& path, std::string body,
                      std::string_view token = hoist_token,
                      std::string type = "application/senml+json") {
    return ask("POST", path, std::move(body), token, std::move(type));
  }
  http::Response ask(std::string method, const std::string& path, std::string body,
                     std::string_view token, std::string type) {
    http::Request request;
    request.method = std::move(method);
    request.path = path;
    request.body = std::move(body);
    request.peer = "10.1.2.3";
    request.headers["content-type"] = std::move(type);
    if (key) request.headers["idempotency-key"] = *key;
    if (!token.empty()) request.headers["authorization"] = "Bearer " + std::string(token);
    std::optional<http::Response> answer;
    const auto match = house.routes.match(request.method, request.path);
    request.path_values = match.path_values;
    if (match.route->gate) {
      if (auto refusal = match.route->gate(request)) return *refusal;
    }
    asio::co_spawn(house.io, match.route->handler(std::move(request)),
                   [&](std::exception_ptr broken, http::Response response) {
                     EXPECT_FALSE(broken);
                     answer = std::move(response);
                   });
    EXPECT_TRUE(house.until([&] { return answer.has_value(); }));
    return answer.value_or(http::Response{});
  }
  http::Response readings(std::string body, std::string_view token = hoist_token) {
    return post("/api/v1/readings", std::move(body), token);
  }
  http::Response claim(std::string body, std::string_view token = hoist_token) {
    return post("/api/v1/claims", std::move(body), token, "application/json");
  }

  http::Response document(const std::string& bytes, const std::string& type,
                          const std::string& sha256, std::string_view token = hoist_token) {
    return ask("PUT", "/api/v1/documents/" + sha256, bytes, token, type);
  }

  std::optional<std::string> key;  ///< Idempotency-Key of what is sent
  Scratch scratch{"jieding-http"};
  House house;
};

TEST_F(HttpPush, ReadingsAreStoredForTheHolderOfTheToken) {
  open();
  const auto first = readings(R"([{"n":"hoist_height","u":"m","v":41,"t":1773547200}])");
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body, R"({"stored":1,"repeated":0,"conflicting":0})");
  EXPECT_EQ(house.intake.batches.at(0).at(0).device, "hoist-1");
  const auto again = readings(R"([{"n":"hoist_height","u":"m","v":41,"t":1773547200}])");
  EXPECT_EQ(again.body, R"({"stored":0,"repeated":1,"conflicting":0})");
  readings(R"([{"n":"crane_load","v":2}])", crane_token);
  EXPECT_EQ(house.intake.batches.at(2).at(0).device, "crane-1");
}

TEST_F(HttpPush, StrangersAreTurnedAway) {
  open();
  for (const std::string_view token : {"", "hoist-token-0123456788", "hoist-token-01234567890"}) {
    const auto answer = readings(R"([{"n":"a","v":1}])", token);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.content_type, "application/problem+json");
  }
  EXPECT_THAT(house.intake.reasons(), ElementsAre("token", "token"));
  EXPECT_EQ(house.intake.refusals[0].bytes, "");
  EXPECT_EQ(claim("{}", "").status, 401);
}

TEST_F(HttpPush, ForeignDeviceNameIsForbidden) {
  open();
  EXPECT_EQ(readings(R"([{"n":"crane-1/crane_load","v":1}])").status, 403);
  EXPECT_THAT(house.intake.reasons(), ElementsAre("foreign_device"));
  EXPECT_EQ(house.intake.refusals[0].device, "hoist-1");
}

TEST_F(HttpPush, WrongContentIsToldApart) {
  open();
  EXPECT_EQ(post("/api/v1/readings", "[]", hoist_token, "text/plain").status, 415);
  EXPECT_EQ(post("/api/v1/claims", "{}", hoist_token, "application/senml+json").status, 415);
  EXPECT_EQ(readings("[{").status, 400);
  EXPECT_EQ(readings(std::string(300'000, ' ')).status, 413);
  EXPECT_EQ(claim(std::string(20'000, ' ')).status, 413);
  EXPECT_EQ(post("/api/v1/readings", R"([{"n":"a","v":1}])", hoist_token,
                 "Application/SenML+JSON; charset=utf-8")
                .status,
            200);
}

TEST_F(HttpPush, SimpleSendersPushPlainJsonInTheirOwnWords) {
  house.config.devices.back().settings.set("names", config::TextTable{{"Height", "crane_height"}});
  house.config.devices.back().settings.set("units", config::TextTable{{"crane_height", "m"}});
  open();
  const auto answer = post("/api/v1/readings", R"({"Height":48.2,"wind_speed":6.1})", crane_token,
                           "application/json; charset=utf-8");
  EXPECT_EQ(answer.body, R"({"stored":2,"repeated":0,"conflicting":0})");
  EXPECT_EQ(house.intake.batches.at(0).at(0).quantity, "crane_height");
  EXPECT_EQ(house.intake.batches.at(0).at(0).unit, "m");
  EXPECT_EQ(readings(R"({"wind_speed":6.1})").status, 400) << "that is no SenML";
}

TEST_F(HttpPush, FaultsBehindTheDoorKeepTheirStatus) {
  open();
  for (const auto& [kind, status] :
       std::map<Fault, int>{{Fault::Full, 507}, {Fault::Unavailable, 503}, {Fault::TooMuch, 429}}) {
    house.intake.fault = Error{kind, "why"};
    EXPECT_EQ(readings(R"([{"n":"a","v":1}])").status, status);
  }
}

TEST_F(HttpPush, TooManyReadingsAreToldToWait) {
  config::Settings slow;
  slow.set("readings_per_second", 1.0);
  house.config.drivers.push_back({"http", slow});
  open();
  std::string pack = "[";
  for (int i = 0; i < 1500; ++i)
    pack += R"({"n":"a","v":1,"t":)" + std::to_string(-i - 1) + "},";
  pack.back() = ']';
  EXPECT_EQ(readings(pack).status, 200);
  const auto answer = readings(pack);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(readings(pack, crane_token).status, 200);  // each device has its own measure
}

TEST_F(HttpPush, ClaimIsMadeInTheNameOfTheDevice) {
  open();
  const auto answer = claim(R"({"building":"b1","milestone":"topping_out","storey":0,)"
                            R"("at":"2024-11-08T04:13:00Z","note":"结顶"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, R"({"status":"corroborated","ledger_index":41})");
  const Claim& made = house.intake.claims.at(0);
  EXPECT_EQ(made.by, "hoist-1");
  EXPECT_EQ(made.owner, Owner::Contractor);
  EXPECT_EQ(made.milestone, (MilestoneKey{"b1", "topping_out", 0}));
  EXPECT_EQ(made.note, "结顶");
}

TEST_F(HttpPush, ClaimsThatCannotBeAreRefused) {
  open();
  const std::string at = R"(,"at":"2024-11-08T04:13:00Z"})";
  for (const std::string& body : std::vector<std::string>{
           "[]", "{}", R"({"building":"b9","milestone":"topping_out")" + at,
           R"({"building":"b1","milestone":"party")" + at,
           R"({"building":"b1","milestone":"topping_out"})",
           R"({"building":"b1","milestone":"topping_out","storey":3)" + at,
           R"({"building":"b1","milestone":"storey_cast")" + at,
           R"({"building":"b1","milestone":"storey_cast","storey":19)" + at,
           R"({"building":"b1","milestone":"acceptance")" + at,
           R"({"building":"b1","milestone":"topping_out","document_sha256":"ABC")" + at,
           R"({"building":"b1","milestone":"topping_out","by":"me")" + at,
           R"({"building":"b1","milestone":"topping_out","at":"yesterday"})"}) {
    EXPECT_EQ(claim(body).status, 400) << body;
  }
  EXPECT_TRUE(house.intake.claims.empty());
  EXPECT_EQ(claim(R"({"building":"b1","milestone":"storey_cast","storey":18)" + at).status, 200);
}

TEST_F(HttpPush, SameKeyIsDoneOnceAndAnsweredAlike) {
  open();
  const std::string timeless = R"([{"n":"people","v":3}])";
  key = "order-7";
  const auto first = readings(timeless);
  house.clock.move_to(noon + 1min);
  const auto again = readings(timeless);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(house.intake.batches.size(), 1u) << "a pack without times would be another a minute on";
  EXPECT_EQ(readings(R"([{"n":"people","v":4}])").status, 409) << "the key is taken";
  EXPECT_EQ(readings(timeless, crane_token).status, 200) << "keys are each device's own";
  key = "order-8";
  EXPECT_EQ(readings(timeless).body, R"({"stored":1,"repeated":0,"conflicting":0})");
}

TEST_F(HttpPush, ClaimCarriesItsKey) {
  open();
  key = "claim-1";
  const std::string body =
      R"({"building":"b1","milestone":"topping_out","at":"2024-11-08T04:13:00Z"})";
  EXPECT_EQ(claim(body).status, 200);
  ASSERT_TRUE(house.intake.claims.at(0).once);
  EXPECT_EQ(house.intake.claims[0].once->device, "hoist-1");
  EXPECT_EQ(house.intake.claims[0].once->key, "claim-1");
}

TEST_F(HttpPush, KeyThatIsNoneIsRefused) {
  open();
  for (const std::string& wrong : {std::string(), std::string("two keys, at once"),
                                   std::string(256, 'k'), std::string("k\x01")}) {
    key = wrong;
    EXPECT_EQ(readings(R"([{"n":"people","v":3}])").status, 400) << wrong;
  }
  EXPECT_TRUE(house.intake.batches.empty());
  key = std::string(255, 'k');
  EXPECT_EQ(readings(R"([{"n":"people","v":3}])").status, 200);
}

TEST_F(HttpPush, DocumentIsKeptUnderItsHash) {
  open();
  for (const auto& [bytes, type] :
       std::map<std::string, std::string>{{"%PDF-1.7 signed and sealed", "application/pdf"},
                                          {"\xFF\xD8\xFF\xE0 a photo", "image/jpeg"},
                                          {"\x89PNG\r\n\x1A\n a scan", "image/png"}}) {
    const auto answer = document(bytes, type, sha256_hex(bytes));
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(sha256_hex(bytes)));
    EXPECT_EQ(house.intake.documents.back().bytes, bytes);
    EXPECT_EQ(house.intake.documents.back().device, "hoist-1");
  }
}

TEST_F(HttpPush, DocumentThatIsNotWhatItSaysIsRefused) {
  open();
  const std::string pdf = "%PDF-1.7 signed and sealed";
  EXPECT_EQ(document(pdf, "image/jpeg", sha256_hex(pdf)).status, 415);
  EXPECT_EQ(document("<html>", "application/pdf", sha256_hex("<html>")).status, 415);
  EXPECT_EQ(document(pdf, "text/html", sha256_hex(pdf)).status, 415);
  EXPECT_EQ(document(pdf, "application/pdf", sha256_hex("another")).status, 400);
  EXPECT_EQ(document(pdf, "application/pdf", "..").status, 400);
  EXPECT_EQ(document(pdf, "application/pdf", sha256_hex(pdf), "").status, 401);
  EXPECT_TRUE(house.intake.documents.empty());
  for (const Refusal& each : house.intake.refusals)
    EXPECT_EQ(each.bytes, "") << "a document may hold names";
}

TEST_F(HttpPush, StrangersDocumentIsRefusedByItsHeader) {
  open();
  http::Request request;
  request.headers["content-type"] = "application/pdf";
  const auto match = house.routes.match("PUT", "/api/v1/documents/x");
  EXPECT_EQ(match.route->gate(request).value().status, 401);
}

TEST_F(HttpPush, MissingTokenIsToldAtStart) {
  house.config.devices.back().token_file = scratch.path() / "nothing";
  EXPECT_THROW(house.make("http"), std::runtime_error);
  house.config.devices.back().token_file = scratch.write("short", "abc");
  EXPECT_THROW(house.make("http"), std::runtime_error);
  house.config.devices.back().token_file = scratch.write("same", hoist_token);
  EXPECT_THROW(house.make("http"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
