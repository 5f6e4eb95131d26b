#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

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

TEST(OpenApi, DescribesWhatIsServedAndNothingElse) {
  Rig rig;
  // These come from the drivers and the stream from the server itself.
  std::set<std::string> served{"POST /api/v1/readings", "POST /api/v1/claims",
                               "PUT /api/v1/cameras/{id}/frames", "PUT /api/v1/documents/{sha256}",
                               "GET /api/v1/stream"};
  for (const auto& route : rig.table)
    served.insert(route.method + " " + route.pattern);
  EXPECT_EQ(described(), served);
}

}  // namespace
}  // namespace jieding::web
