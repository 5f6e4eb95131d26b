#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "gateway/web/households_api.hpp"
#include "gateway/web/nodes_api.hpp"
#include "tests/web/web_rig.hpp"

namespace jieding::web {
namespace {

/// `METHOD /path` of every operation, read by the file's indentation.
std::set<std::string> described() {
  std::ifstream file(JIEDING_SOURCE_DIR "/gateway/web/openapi.yaml");
  std::set<std::string> operations;
  std::string path;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("  /") && line.ends_with(':')) path = line.substr(2, line.size() - 3);
    if (!line.starts_with("  ")) path.clear();
    for (const std::string method : {"get", "post", "put", "patch", "delete"}) {
      if (path.empty() || line != "    " + method + ":") continue;
      std::string upper = method;
      for (char& c : upper)
        c = static_cast<char>(c - 'a' + 'A');
      operations.insert(upper + " " + path);
    }
  }
  return operations;
}

/// What its routes do, tests/scenario/rollout.py sees; here they only have names.
class NoNodes final : public NodeRecord {
 public:
  using Answer = boost::asio::awaitable<Result<boost::json::value>>;
  Answer nodes() override { return none(); }
  Answer keep_firmware(std::string, std::string) override { return none(); }
  Answer start_rollout(Person, RolloutWish) override { return none(); }
  Answer stop_rollout(Person) override { return none(); }

 private:
  static Answer none() { co_return Error(Fault::NotFound, "there are no nodes"); }
};

/// Likewise tests/scenario/policy.py.
class NobodyCounted final : public HouseholdRecord {
 public:
  using Answer = boost::asio::awaitable<Result<boost::json::value>>;
  Answer households() override { return none(); }
  Answer count(Person, HouseholdInput) override { return none(); }

 private:
  static Answer none() { co_return Error(Fault::NotFound, "nobody counted"); }
};

TEST(OpenApi, DescribesWhatIsServedAndNothingElse) {
  Rig rig;
  // These come from the drivers and the stream from the server itself.
  std::set<std::string> served{"POST /api/v1/readings", "POST /api/v1/claims",
                               "PUT /api/v1/cameras/{id}/frames", "PUT /api/v1/documents/{sha256}",
                               "GET /api/v1/stream"};
  for (const auto& route : rig.table)
    served.insert(route.method + " " + route.pattern);
  NoNodes nodes;
  MemoryStore store;
  Sessions sessions(store, rig.clock, [](std::string_view) { return std::optional<Person>(); }, {});
  NodesApi nodes_api(nodes, sessions, rig.clock);
  for (const auto& route : nodes_api.routes())
    served.insert(route.method + " " + route.pattern);
  NobodyCounted households;
  HouseholdsApi households_api(households, sessions, rig.clock, {});
  for (const auto& route : households_api.routes())
    served.insert(route.method + " " + route.pattern);
  EXPECT_EQ(described(), served);
}

}  // namespace
}  // namespace jieding::web
