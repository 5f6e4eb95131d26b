#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

TEST(DevicesApi, ATokenIsToldToTheOperatorOnce) {
  Rig rig;
  auto client = rig.client();
  const auto keys = rig.sign_in("zhao");
  const auto issued = client.ask("POST", "/api/v1/tokens/hoist-1", "", keys.with_csrf());
  ASSERT_EQ(issued.status, 200) << issued.body;
  EXPECT_EQ(boost::json::parse(issued.body).at("token").as_string(), "fresh");
  EXPECT_EQ(client.get("/api/v1/tokens", keys.without_csrf()).body.find("fresh"),
            std::string::npos);
  EXPECT_EQ(client.ask("POST", "/api/v1/tokens/none", "", keys.with_csrf()).status, 404);
  EXPECT_EQ(client.ask("DELETE", "/api/v1/tokens/hoist-1", "", keys.with_csrf()).status, 204);
  EXPECT_EQ(rig.devices.changes, 2);
}

TEST(DevicesApi, NobodyElseIsLetIn) {
  Rig rig;
  auto client = rig.client();
  const std::string path = "/api/v1/tokens/hoist-1";
  for (const std::string method : {"POST", "DELETE"}) {
    EXPECT_EQ(client.ask(method, path, "", {}).status, 401);
    for (const std::string user : {"", "li", "wang"})
      EXPECT_EQ(client.ask(method, path, "", rig.sign_in(user).with_csrf()).status, 403);
    EXPECT_EQ(client.ask(method, path, "", rig.sign_in("zhao").without_csrf()).status, 403);
  }
  EXPECT_EQ(client.get("/api/v1/tokens").status, 401);
  EXPECT_EQ(client.get("/api/v1/tokens", rig.sign_in("wang").without_csrf()).status, 403);
  EXPECT_EQ(rig.devices.changes, 0);
}

}  // namespace
}  // namespace jieding::web
