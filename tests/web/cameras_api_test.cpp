#include <gtest/gtest.h>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

const std::string setup = R"({"facades":[],"masks":[]})";
const std::string marked = R"({"building":"b1","corners":[[1,2],[3,2],[3,1],[1,1]],"storeys":5})";

HeaderLines as_json(HeaderLines headers) {
  headers.insert_or_assign("Content-Type", "application/json");
  return headers;
}

TEST(CamerasApi, TheOperatorSetsUpAndTakesBack) {
  Rig rig;
  const auto keys = rig.sign_in("zhao");
  auto client = rig.client();
  EXPECT_EQ(client.get("/api/v1/cameras", keys.without_csrf()).status, 200);
  const auto set =
      client.ask("PUT", "/api/v1/cameras/mast/setup", setup, as_json(keys.with_csrf()));
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(
      client.ask("POST", "/api/v1/cameras/mast/ruler", marked, as_json(keys.with_csrf())).status,
      200);
  EXPECT_EQ(client.ask("DELETE", "/api/v1/cameras/mast/setup", "", keys.with_csrf()).status, 200);
  EXPECT_EQ(rig.cameras.changes, 2);
}

TEST(CamerasApi, NobodyElseIsLetIn) {
  Rig rig;
  const auto viewer = rig.sign_in("");
  const auto group = rig.sign_in("li");
  const auto contractor = rig.sign_in("wang");
  const auto operators = rig.sign_in("zhao");
  auto client = rig.client();
  for (const auto& [method, path] : {std::pair{"PUT", "/api/v1/cameras/mast/setup"},
                                     std::pair{"POST", "/api/v1/cameras/mast/ruler"}}) {
    EXPECT_EQ(client.ask(method, path, "{", as_json({})).status, 401) << path;
    for (const auto& keys : {viewer, group, contractor})
      EXPECT_EQ(client.ask(method, path, "{", as_json(keys.with_csrf())).status, 403) << path;
    EXPECT_EQ(client.ask(method, path, "{", as_json(operators.without_csrf())).status, 403);
    EXPECT_EQ(client.ask(method, path, "{", operators.with_csrf()).status, 415) << path;
    EXPECT_EQ(client.ask(method, path, "{", as_json(operators.with_csrf())).status, 400) << path;
  }
  EXPECT_EQ(client.get("/api/v1/cameras").status, 401);
  EXPECT_EQ(client.get("/api/v1/cameras", group.without_csrf()).status, 403);
  EXPECT_EQ(client.ask("DELETE", "/api/v1/cameras/mast/setup", "", group.with_csrf()).status, 403);
  EXPECT_EQ(rig.cameras.changes, 0);
}

TEST(CamerasApi, ChangesForEverComeAtAPeoplesPace) {
  Rig rig;
  const auto keys = rig.sign_in("zhao");
  auto client = rig.client();
  int taken = 0;
  for (int n = 0; n < 30; ++n)
    taken +=
        client.ask("PUT", "/api/v1/cameras/mast/setup", setup, as_json(keys.with_csrf())).status ==
                200
            ? 1
            : 0;
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(rig.cameras.changes, 10);
}

TEST(CamerasApi, TheOperatorAloneDelaysOrStopsPublicPictures) {
  Rig rig;
  auto client = rig.client();
  const auto keys = as_json(rig.sign_in("zhao").with_csrf());
  const std::string path = "/api/v1/public-pictures";
  const std::string later = R"({"shown":"delayed","delay_hours":48})";
  EXPECT_EQ(client.ask("PUT", path, later, keys).status, 200);
  EXPECT_EQ(rig.cameras.last_rule.delay, std::chrono::hours{48});
  EXPECT_EQ(client.ask("PUT", path, R"({"shown":"stopped"})", keys).status, 200);
  EXPECT_TRUE(rig.cameras.last_rule.stopped);
  for (const std::string user : {"", "li", "wang"})
    EXPECT_EQ(client.ask("PUT", path, later, as_json(rig.sign_in(user).with_csrf())).status, 403);
  EXPECT_EQ(client.ask("PUT", path, later, as_json({})).status, 401);
  EXPECT_EQ(rig.cameras.changes, 2);
}

}  // namespace
}  // namespace jieding::web
