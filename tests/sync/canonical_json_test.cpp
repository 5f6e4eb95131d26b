#include "sync/canonical_json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <limits>

namespace jieding::sync {
namespace {

std::string canonical(std::string_view text) {
  return canonical_json(boost::json::parse(text)).value();
}

// RFC 8785 §3.2.2 to §3.2.4 and appendix B.
TEST(CanonicalJson, CanonicalJsonVectors) {
  EXPECT_EQ(canonical_json({333333333.33333329, 1E30, 4.50, 2e-3, 1e-27}).value(),
            "[333333333.3333333,1e+30,4.5,0.002,1e-27]");
  EXPECT_EQ(canonical(R"({
      "numbers": [1E30, 4.50, 2e-3],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]})"),
            "{\"literals\":[null,true,false],"
            "\"numbers\":[1e+30,4.5,0.002],"
            "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(canonical(R"({
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"})"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
            "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
            "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
            "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
  EXPECT_EQ(canonical("[ ]"), "[]");
  EXPECT_EQ(canonical(R"({"b":{"z":1,"a":[]},"a":-7})"), R"({"a":-7,"b":{"a":[],"z":1}})");
}

TEST(CanonicalJson, NumbersAreWrittenAsEcmascriptDoes) {
  const std::pair<std::uint64_t, const char*> vectors[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [bits, text] : vectors)
    EXPECT_EQ(ecmascript_number(std::bit_cast<double>(bits)), text);
}

TEST(CanonicalJson, WhatHasNoOneTextIsRefused) {
  EXPECT_FALSE(canonical_json(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(canonical_json(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(canonical_json(std::int64_t{9007199254740993}));
  EXPECT_TRUE(canonical_json(std::int64_t{9007199254740992}));
  EXPECT_FALSE(canonical_json("\xFF"));
  EXPECT_FALSE(canonical_json("\xC0\x80"));
  EXPECT_FALSE(canonical_json("\xED\xA0\x80"));
  EXPECT_FALSE(canonical_json("\xE2\x82"));
}

}  // namespace
}  // namespace jieding::sync
