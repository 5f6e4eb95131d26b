#include "firmware-tools/node/smp.hpp"

#include <gtest/gtest.h>

#include <string>

#include "firmware-tools/node/upload.hpp"

namespace jieding::tools::node {
namespace {

using namespace std::string_literals;

/// A node's answer: the request's own header with the operation of a reply.
std::string reply(const Command& command, std::uint8_t sequence, const cbor::Value& map) {
  std::string packet = request(command, sequence, map);
  packet[0] = static_cast<char>(packet[0] + 1);
  return packet;
}

cbor::Value slot_map() {
  return {cbor::Map{{cbor::text("slot"), cbor::number(1)},
                    {cbor::text("version"), cbor::text("1.2.3")},
                    {cbor::text("hash"), cbor::bytes(std::string(32, 'h'))},
                    {cbor::text("pending"), cbor::truth(true)}}};
}
cbor::Value images_map(cbor::Value slot) {
  return {cbor::Map{{cbor::text("images"), {cbor::Array{std::move(slot)}}}}};
}

TEST(Smp, ARequestIsHeaderAndMap) {
  EXPECT_EQ(request(echo, 7, {cbor::Map{{cbor::text("d"), cbor::text("hi")}}}),
            "\x02\x00\x00\x06\x00\x00\x07\x00\xa1\x61\x64\x62hi"s);
  EXPECT_EQ(request(upload_image, 0xFF, {cbor::Map{}}), "\x02\x00\x00\x01\x00\x01\xff\x01\xa0"s);
}

TEST(Smp, SlotsAreRead) {
  const std::string packet = reply(list_images, 3, images_map(slot_map()));
  const auto slots = read_slots(read_reply(list_images, 3, packet).value()).value();
  ASSERT_EQ(slots.size(), 1U);
  EXPECT_EQ(slots[0].slot, 1U);
  EXPECT_EQ(slots[0].version, "1.2.3");
  EXPECT_EQ(slots[0].hash, std::string(32, 'h'));
  EXPECT_TRUE(slots[0].pending);
  EXPECT_FALSE(slots[0].confirmed);
}

TEST(Smp, ReplyToSomethingElseIsRefused) {
  const std::string packet = reply(list_images, 3, images_map(slot_map()));
  EXPECT_FALSE(read_reply(list_images, 4, packet)) << "sequence";
  EXPECT_FALSE(read_reply(set_image_state, 3, packet)) << "operation";
  EXPECT_FALSE(read_reply(upload_image, 3, packet)) << "command";
  EXPECT_FALSE(read_reply(reset, 3, packet)) << "group";
  EXPECT_FALSE(read_reply(list_images, 3, request(list_images, 3, {cbor::Map{}}))) << "a request";
}

TEST(Smp, TruncatedAtAnyByteIsRefused) {
  const std::string packet = reply(list_images, 3, images_map(slot_map()));
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_FALSE(read_reply(list_images, 3, packet.substr(0, size))) << size;
  EXPECT_FALSE(read_reply(list_images, 3, packet + '\0'));
}

TEST(Smp, TheNodesRefusalIsSaidInWords) {
  const cbor::Value old{cbor::Map{{cbor::text("rc"), cbor::number(10)}}};
  EXPECT_EQ(read_reply(reset, 1, reply(reset, 1, old)).error().text(),
            "the node refuses: busy (10)");
  const cbor::Value group{
      cbor::Map{{cbor::text("group"), cbor::number(1)}, {cbor::text("rc"), cbor::number(30)}}};
  const cbor::Value young{cbor::Map{{cbor::text("err"), group}}};
  EXPECT_EQ(read_reply(reset, 1, reply(reset, 1, young)).error().text(),
            "the node refuses: error 30");
  const cbor::Value fine{cbor::Map{{cbor::text("rc"), cbor::number(0)}}};
  EXPECT_TRUE(read_reply(reset, 1, reply(reset, 1, fine)));
  const cbor::Value odd{cbor::Map{{cbor::text("rc"), cbor::text("0")}}};
  EXPECT_FALSE(read_reply(reset, 1, reply(reset, 1, odd)));
}

TEST(Smp, HostileRepliesAreRefused) {
  const cbor::Value none{cbor::Map{}};
  EXPECT_FALSE(read_slots(none));
  EXPECT_FALSE(read_slots(images_map(cbor::number(1))));
  EXPECT_FALSE(read_slots(images_map({cbor::Map{{cbor::text("slot"), cbor::number(0)}}})));
  const cbor::Value many{cbor::Map{{cbor::text("images"), {cbor::Array(17, slot_map())}}}};
  EXPECT_FALSE(read_slots(many));
  EXPECT_FALSE(read_offset(none, 100));
  EXPECT_FALSE(read_offset({cbor::Map{{cbor::text("off"), cbor::number(101)}}}, 100));
  EXPECT_EQ(read_offset({cbor::Map{{cbor::text("off"), cbor::number(100)}}}, 100).value(), 100U);
}

/// A node that keeps what it gets, as far as it follows on what it has.
struct Keeping {
  std::string has;
  void take(const cbor::Value& map) {
    const std::string& piece = *map.find("data")->bytes();
    if (*map.find("off")->number() == has.size()) has += piece;
  }
};

TEST(Upload, BringsTheWholeImageInRequestsOfItsSize) {
  const std::string image(100'000, 'i');
  Upload upload(image, std::string(32, 's'), 384);
  Keeping node;
  while (!upload.done()) {
    EXPECT_LE(request(upload_image, 0, upload.next()).size(), 384U);
    node.take(upload.next());
    ASSERT_TRUE(upload.reached(node.has.size()));
  }
  EXPECT_EQ(node.has, image);
}

TEST(Upload, OnlyTheFirstRequestNamesLengthAndHash) {
  const std::string image(1000, 'i');
  Upload upload(image, std::string(32, 's'), 384);
  EXPECT_EQ(*upload.next().find("len")->number(), 1000U);
  EXPECT_EQ(*upload.next().find("sha")->bytes(), std::string(32, 's'));
  ASSERT_TRUE(upload.reached(300));
  EXPECT_EQ(upload.next().find("len"), nullptr);
  EXPECT_EQ(*upload.next().find("off")->number(), 300U);
}

TEST(Upload, ANodeThatForgotGetsAllAgain) {
  const std::string image(1000, 'i');
  Upload upload(image, std::string(32, 's'), 384);
  ASSERT_TRUE(upload.reached(600));
  ASSERT_TRUE(upload.reached(0));
  EXPECT_NE(upload.next().find("sha"), nullptr);
}

TEST(Upload, ANodeThatNeverGetsFurtherIsGivenUp) {
  const std::string image(1000, 'i');
  Upload upload(image, std::string(32, 's'), 384);
  int replies = 0;
  while (upload.reached(replies % 2 == 0 ? 0 : 300) && replies < 5000)
    ++replies;
  EXPECT_LT(replies, 5000);
}

TEST(Upload, NodeThatGoesBackForEverGetsAnEnd) {
  const std::string image(100'000, 'i');
  Upload upload(image, std::string(32, 's'), 1024);
  std::size_t replies = 0;
  Result<void> reached{};
  // A byte further each time, and back to the beginning in between: never stuck, never done.
  for (std::size_t has = 1; reached && has < image.size(); ++has) {
    reached = upload.reached(has);
    if (reached) reached = upload.reached(0);
    replies += 2;
  }
  EXPECT_FALSE(reached);
  EXPECT_LT(replies, 3000u);
}

TEST(Slots, TextOfANodeThatIsNoVersionIsRefused) {
  const cbor::Value slot{cbor::Map{{cbor::text("slot"), cbor::number(0)},
                                   {cbor::text("version"), cbor::text("1.0\x1b[2J")}}};
  const cbor::Value reply{cbor::Map{{cbor::text("images"), {cbor::Array{slot}}}}};
  EXPECT_FALSE(read_slots(reply)) << "it would be shown on a terminal";
}

}  // namespace
}  // namespace jieding::tools::node
