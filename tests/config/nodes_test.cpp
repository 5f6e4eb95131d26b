// Laws of [[node]]: what is taken, and that a refusal says where and what to do.

#include "config/nodes.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "config/load.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path example =
    std::filesystem::path(JIEDING_SOURCE_DIR) / "config/nodes.toml";

/// The first complaint about a site with these lines.
std::string complaint(const std::string& lines) {
  Complaints complaints;
  const auto loaded =
      load_text("[site]\nid = \"hz\"\n" + lines, "/etc/site.toml", {}, {}, complaints);
  return complaints.empty() ? "" : complaints.front();
}

std::string node(const std::string& lines) {
  return "[[node]]\nid = \"n1\"\nkey = \"n1.pem\"\n" + lines;
}

TEST(Nodes, TheExampleIsTaken) {
  Complaints complaints;
  ASSERT_TRUE(load(example, {}, {}, complaints)) << complaints.front();
  const auto nodes = load_nodes(example, {});
  ASSERT_TRUE(nodes) << nodes.error().text();
  ASSERT_EQ(nodes->size(), 2U);
  const Node& wind = nodes->front();
  EXPECT_EQ(wind.at, "udp:10.0.0.7:1337");
  EXPECT_EQ(wind.key, example.parent_path() / "keys/wind.pem");
  EXPECT_EQ(wind.min_counter, 16973824U);
  EXPECT_FALSE(wind.self_confirm);
  EXPECT_EQ(nodes->back().name, "concrete-1");
  EXPECT_EQ(nodes->back().back_within, 60s);
  EXPECT_FALSE(nodes->back().min_counter);
}

TEST(Nodes, APlaceThatIsNoneIsRefusedWithItsLine) {
  EXPECT_EQ(complaint(node("at = \"udp:10.0.0.7:1337\"\n")), "");
  EXPECT_EQ(complaint(node("at = \"serial:/dev/ttyUSB0,115200,8N1\"\n")), "");
  for (const char* place : {"10.0.0.7:1337", "udp:10.0.0.7", "udp:10.0.0.7:0", "serial:", "pty",
                            "listen:0.0.0.0:9300", "tcp:"}) {
    const std::string said = complaint(node("at = \"" + std::string(place) + "\"\n"));
    EXPECT_TRUE(said.starts_with("/etc/site.toml:6: node.n1.at")) << place << ": " << said;
    EXPECT_NE(said.find("write serial:"), std::string::npos) << said;
  }
}

TEST(Nodes, WhatIsMissingTwiceOrUnknownIsRefused) {
  const std::string at = "at = \"udp:10.0.0.7:1337\"\n";
  EXPECT_NE(complaint("[[node]]\nid = \"n1\"\n" + at).find("key"), std::string::npos);
  EXPECT_NE(complaint(node("")).find("node.n1.at"), std::string::npos);
  EXPECT_NE(complaint(node(at) + node(at)).find("another [[node]]"), std::string::npos);
  EXPECT_NE(complaint(node(at + "min_counter = -1\n")).find("min_counter"), std::string::npos);
  EXPECT_NE(complaint(node(at + "bord = \"wind\"\n")).find("bord"), std::string::npos);
}

TEST(Nodes, MoreThanSixtyFourAreRefused) {
  std::string all;
  for (int n = 0; n <= 64; ++n)
    all += "[[node]]\nid = \"n" + std::to_string(n) + "\"\nkey = \"k\"\nat = \"udp:10.0.0.7:1\"\n";
  EXPECT_NE(complaint(all).find("64"), std::string::npos);
}

}  // namespace
}  // namespace jieding::config
