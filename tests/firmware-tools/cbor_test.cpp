#include "firmware-tools/cbor.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jieding::tools::cbor {
namespace {

using namespace std::string_literals;

TEST(Cbor, EveryKindIsWrittenAndRead) {
  const Value value{Map{{text("text"), text("\xe7\xbb\x93")},
                        {number(3), number(0x123456789A)},
                        {text("less"), {std::int64_t{-500}}},
                        {text("half"), {0.5}},
                        {text("yes"), truth(true)},
                        {text("none"), {}},
                        {text("list"), {Array{number(1), bytes("\x00\xff"s), {Array{}}}}}}};
  EXPECT_EQ(decode(encode(value)).value(), value);
}

// RFC 8949, appendix A.
TEST(Cbor, ExamplesOfTheStandard) {
  EXPECT_EQ(encode(number(23)), "\x17");
  EXPECT_EQ(encode(number(24)), "\x18\x18");
  EXPECT_EQ(encode(number(1000)), "\x19\x03\xe8");
  EXPECT_EQ(encode({Map{{text("a"), number(1)}}}), "\xa1\x61\x61\x01");
  EXPECT_EQ(decode("\xbf\x63"
                   "Fun"
                   "\xf5\x63"
                   "Amt"
                   "\x21\xff")
                ->find("Amt")
                ->is,
            Value{std::int64_t{-2}}.is);
  EXPECT_EQ(decode("\x9f\xff").value(), Value{Array{}});
  EXPECT_EQ(decode("\x9f\x01\x82\x02\x03\x9f\x04\x05\xff\xff")->array()->size(), 3U);
}

TEST(Cbor, TruncatedAnywhereIsRefused) {
  const std::string whole =
      encode({Map{{text("images"), {Array{{Map{{text("hash"), bytes("0123456789")}}}}}}}});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode(whole.substr(0, size))) << size;
  EXPECT_FALSE(decode(whole + '\0'));
}

TEST(Cbor, WhatIsHostileIsRefused) {
  EXPECT_FALSE(decode(std::string(deepest + 1, '\x81') + "\x01")) << "too deep";
  EXPECT_TRUE(decode(std::string(deepest, '\x81') + "\x01"));
  EXPECT_FALSE(decode("\x9b\xff\xff\xff\xff\xff\xff\xff\xff")) << "an endless array";
  EXPECT_FALSE(decode("\xbb\x80\x00\x00\x00\x00\x00\x00\x00"s)) << "twice its size is 0";
  EXPECT_FALSE(decode("\x5b\xff\xff\xff\xff\xff\xff\xff\xff")) << "an endless string";
  EXPECT_FALSE(decode("\x9f" + std::string(most_values + 1, '\x01') + "\xff")) << "too many";
  EXPECT_FALSE(decode("\xa2\x61\x61\x01\x61\x61\x02")) << "one key twice";
  EXPECT_FALSE(decode("\xff")) << "an end without a beginning";
  EXPECT_FALSE(decode("\xbf\x01\xff")) << "a key without a value";
  EXPECT_FALSE(decode("\x5f\x41\x01\xff")) << "a string in pieces";
  EXPECT_FALSE(decode("\x1c")) << "reserved";
  EXPECT_FALSE(decode("\x3b\xff\xff\xff\xff\xff\xff\xff\xff")) << "below every number";
}

}  // namespace
}  // namespace jieding::tools::cbor
