#include "drivers/mqtt_packet.hpp"

#include <gtest/gtest.h>

#include "drivers/mqtt_answer.hpp"
#include "drivers/mqtt_reader.hpp"
#include "tests/drivers/mqtt_bytes.hpp"

namespace jieding::drivers::mqtt {
namespace {

using namespace test::mqtt_bytes;

constexpr std::size_t longest = 4096;

Packet whole(const std::string& bytes) {
  const auto found = first_packet(bytes, longest);
  EXPECT_TRUE(found && *found);
  return found && *found ? **found : Packet{};
}

/// `packet` keeps its bytes only as long as the text lives.
struct Held {
  explicit Held(std::string text) : bytes(std::move(text)), packet(whole(bytes)) {}
  std::string bytes;
  Packet packet;
};

Reason why_not_connect(const std::string& bytes) {
  const Held held(bytes);
  const auto connect = parse_connect(held.packet);
  return connect ? Reason::Success : connect.error().reason;
}

Reason why_not_publish(const std::string& bytes, Version version = Version::V5) {
  const Held held(bytes);
  const auto publish = parse_publish(held.packet, version);
  return publish ? Reason::Success : publish.error().reason;
}

TEST(MqttPacket, EveryPrefixIsWaitedFor) {
  const std::string bytes = publish(5, 7, "a/b", std::string(300, 'x'));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto found = first_packet(std::string_view(bytes).substr(0, length), longest);
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found) << length;
  }
  const auto found = first_packet(bytes + "next", longest);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->size, bytes.size());
}

TEST(MqttPacket, LengthsAreHeldBeforeTheBytesCome) {
  const auto large = first_packet(std::string("\x30\xFF\xFF\xFF\x7F", 5), longest);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().reason, Reason::PacketTooLarge);
  const auto endless = first_packet(std::string("\x30\xFF\xFF\xFF\xFF", 5), longest);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().reason, Reason::Malformed);
  const auto padded = first_packet(std::string("\x30\x80\x00", 3), longest);
  ASSERT_FALSE(padded);
  EXPECT_EQ(padded.error().reason, Reason::Malformed);
}

TEST(MqttPacket, ConnectIsRead) {
  Hello hello;
  hello.client = "塔吊";
  hello.keep_alive = 60;
  hello.properties = byte(0x11) + four(3600) + byte(0x27) + four(100) + byte(0x17) + byte(0) +
                     byte(0x26) + text("a") + text("b") + byte(0x26) + text("a") + text("b");
  const Held held(connect(hello));
  const auto read = parse_connect(held.packet);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->client, "塔吊");
  EXPECT_EQ(read->user, "hoist-1");
  EXPECT_EQ(read->password, "hoist-token-0123456789");
  EXPECT_EQ(read->keep_alive, 60);
  EXPECT_EQ(read->session_expiry, 3600u);
  EXPECT_EQ(read->longest_packet, 100u);
  EXPECT_FALSE(read->wants_reasons);
  EXPECT_TRUE(read->clean);
}

TEST(MqttPacket, WillIsPassedOver) {
  for (const unsigned level : {4u, 5u}) {
    const std::string head = text("MQTT") + byte(level) + byte(0xEE) + two(0);
    const std::string properties = level == 5 ? byte(0) : "";
    const std::string will =
        (level == 5 ? byte(5) + byte(0x18) + four(1) : "") + text("w") + text("gone");
    const std::string bytes =
        packet(0x10, head + properties + text("c") + will + text("u") + text("p"));
    const Held held(bytes);
    const auto read = parse_connect(held.packet);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->password, "p");
  }
}

TEST(MqttPacket, ConnectThatIsNotOneIsRefused) {
  const std::string good = connect({});
  for (std::size_t cut = 10; cut + 2 < good.size(); ++cut) {
    EXPECT_EQ(why_not_connect(packet(0x10, good.substr(2, cut))), Reason::Malformed) << cut;
  }
  EXPECT_EQ(why_not_connect(packet(0x10, good.substr(2) + "x")), Reason::Malformed);
  EXPECT_EQ(why_not_connect(packet(0x11, good.substr(2))), Reason::Malformed);
  const auto with_flags = [](unsigned level, unsigned flags) {
    return packet(0x10, text("MQTT") + byte(level) + byte(flags) + two(0) +
                            (level == 5 ? byte(0) : "") + text("c"));
  };
  EXPECT_EQ(why_not_connect(with_flags(4, 0x02)), Reason::Success);
  EXPECT_EQ(why_not_connect(with_flags(4, 0x03)), Reason::Malformed);  // reserved
  EXPECT_EQ(why_not_connect(with_flags(4, 0x0A)), Reason::Malformed);  // will QoS without will
  EXPECT_EQ(why_not_connect(with_flags(4, 0x1E)), Reason::Malformed);  // will QoS 3
  EXPECT_EQ(why_not_connect(with_flags(4, 0x42)), Reason::Malformed);  // password without user
  EXPECT_EQ(why_not_connect(with_flags(3, 0x02)), Reason::UnsupportedVersion);
  EXPECT_EQ(why_not_connect(packet(0x10, text("HTTP") + byte(4))), Reason::UnsupportedVersion);
}

TEST(MqttPacket, PropertiesAreHeldToTheirTable) {
  const auto why = [](const std::string& properties) {
    Hello hello;
    hello.properties = properties;
    return why_not_connect(connect(hello));
  };
  EXPECT_EQ(why(byte(0x21) + two(5)), Reason::Success);
  EXPECT_EQ(why(byte(0x21) + two(5) + byte(0x21) + two(5)), Reason::ProtocolError);  // twice
  EXPECT_EQ(why(byte(0x21) + two(0)), Reason::ProtocolError);
  EXPECT_EQ(why(byte(0x27) + four(0)), Reason::ProtocolError);
  EXPECT_EQ(why(byte(0x17) + byte(2)), Reason::ProtocolError);
  EXPECT_EQ(why(byte(0x23) + two(1)), Reason::Malformed);  // belongs to PUBLISH
  EXPECT_EQ(why(byte(0x7E) + two(1)), Reason::Malformed);  // there is no such property
  EXPECT_EQ(why(byte(0x11) + two(1)), Reason::Malformed);  // cut off
  EXPECT_EQ(why(byte(0x15) + text("SCRAM")), Reason::BadAuthMethod);
}

TEST(MqttPacket, PublishIsReadInBothVersions) {
  const Held old(publish(4, 9, "a/b", "hello"));
  const auto read = parse_publish(old.packet, Version::V311);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->topic, "a/b");
  EXPECT_EQ(read->payload, "hello");
  EXPECT_EQ(read->id, 9);
  const Held zero(publish(5, 0, "a", "", 0x31));
  const auto unanswered = parse_publish(zero.packet, Version::V5);
  ASSERT_TRUE(unanswered);
  EXPECT_EQ(unanswered->id, 0);
  EXPECT_EQ(unanswered->payload, "");
}

TEST(MqttPacket, PublishBeyondWhatWasAgreedIsRefused) {
  EXPECT_EQ(why_not_publish(publish(5, 1, "a", "x", 0x34)), Reason::QosNotSupported);
  EXPECT_EQ(why_not_publish(publish(5, 1, "a", "x", 0x36)), Reason::Malformed);
  EXPECT_EQ(why_not_publish(publish(5, 1, "a", "x", 0x38)), Reason::Malformed);  // DUP of QoS 0
  EXPECT_EQ(why_not_publish(publish(5, 0, "a", "x")), Reason::ProtocolError);
  EXPECT_EQ(why_not_publish(publish(5, 1, "a/#", "x")), Reason::TopicNameInvalid);
  EXPECT_EQ(why_not_publish(publish(5, 1, "", "x")), Reason::TopicNameInvalid);
  EXPECT_EQ(why_not_publish(publish(5, 1, "a\xFF", "x")), Reason::Malformed);
  EXPECT_EQ(why_not_publish(publish(4, 1, std::string("a\0b", 3), "x"), Version::V311),
            Reason::Malformed);
  const std::string aliased = text("a") + two(1) + byte(3) + byte(0x23) + two(1) + "x";
  EXPECT_EQ(why_not_publish(packet(0x32, aliased)), Reason::TopicAliasInvalid);
}

TEST(MqttPacket, FiltersAreCounted) {
  const Held held(packet(0x82, two(3) + byte(0) + text("a/#") + byte(1) + text("b") + byte(0)));
  const auto filters = parse_filters(held.packet, Version::V5);
  ASSERT_TRUE(filters);
  EXPECT_EQ(filters->id, 3);
  EXPECT_EQ(filters->count, 2u);
  const Held none(packet(0x82, two(3) + byte(0)));
  EXPECT_FALSE(parse_filters(none.packet, Version::V5));
  const Held reserved(packet(0x82, two(3) + text("a") + byte(4)));
  EXPECT_FALSE(parse_filters(reserved.packet, Version::V311));
}

TEST(MqttPacket, TextIsUtf8InItsShortestForm) {
  for (const char* good : {"", "abc", "é", "结顶", "\xF0\x9F\x8F\x97"})
    EXPECT_TRUE(is_text(good));
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE7\xBB", "\xFF"})
    EXPECT_FALSE(is_text(bad)) << bad;
  EXPECT_FALSE(is_text(std::string_view("a\0", 2)));
}

TEST(MqttPacket, AnswersHaveTheBytesOfTheStandard) {
  EXPECT_EQ(connack(Version::V311, {}), std::string("\x20\x02\x00\x00", 4));
  EXPECT_EQ(connack_refusal(4, Reason::BadUserOrPassword), std::string("\x20\x02\x00\x04", 4));
  EXPECT_EQ(connack_refusal(5, Reason::BadUserOrPassword), std::string("\x20\x03\x00\x86\x00", 5));
  EXPECT_EQ(connack_refusal(4, Reason::Malformed), "");
  EXPECT_EQ(connack_refusal(0, Reason::UnsupportedVersion), "");
  EXPECT_EQ(test::mqtt_bytes::puback(513), mqtt::puback(Version::V5, 513, Reason::Success, "", 99));
  const std::string refused = mqtt::puback(Version::V5, 1, Reason::PayloadFormatInvalid, "why", 99);
  EXPECT_EQ(refused, packet(0x40, two(1) + byte(0x99) + byte(6) + byte(0x1F) + text("why")));
  EXPECT_EQ(mqtt::puback(Version::V5, 1, Reason::PayloadFormatInvalid, "why", 8),
            packet(0x40, two(1) + byte(0x99)));
  EXPECT_EQ(mqtt::puback(Version::V311, 1, Reason::PayloadFormatInvalid, "why", 99),
            test::mqtt_bytes::puback(1));
  EXPECT_EQ(refuse_filters(Version::V311, Type::Subscribe, {3, 2}),
            packet(0x90, two(3) + byte(0x80) + byte(0x80)));
  EXPECT_EQ(refuse_filters(Version::V311, Type::Unsubscribe, {3, 2}), packet(0xB0, two(3)));
  EXPECT_EQ(refuse_filters(Version::V5, Type::Unsubscribe, {3, 1}),
            packet(0xB0, two(3) + byte(0) + byte(0x11)));
  EXPECT_EQ(disconnect(Version::V311, Reason::Malformed), "");
  EXPECT_EQ(disconnect(Version::V5, Reason::Malformed), packet(0xE0, byte(0x81)));
}

}  // namespace
}  // namespace jieding::drivers::mqtt
