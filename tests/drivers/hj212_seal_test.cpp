#include "drivers/hj212_seal.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "drivers/hj212_frame.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::hj212 {
namespace {

// HJ 212-2025 Annex A.2 with the key of sixteen '0'.
const std::string annex =
    "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&DataTime="
    "20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;a01012-Min=9.3,"
    "a01012-Avg=9.3,a01012-Max=9.3,a01012-Flag=N;a01014-Min=3.20,a01014-Avg=3.211,a01014-Max=3.212,"
    "a01014-Flag=N&&";

Seal seal_of(WireForm form, const std::vector<std::string>& keys = {"0000000000000000"}) {
  Seal seal;
  seal.form = form;
  for (const std::string& key : keys)
    seal.keys.push_back(*Sm4Key::parse(key));
  return seal;
}

/// One station's seal, whoever sends.
struct OneSeal : Sealing {
  explicit OneSeal(Seal one) : seal(std::move(one)) {}
  std::size_t wire_length(std::string_view begun, std::size_t declared) const override {
    return hj212::wire_length(seal, begun, declared);
  }
  std::optional<std::string> open(std::string_view segment, std::uint16_t told) const override {
    return hj212::open(seal, segment, told);
  }
  Seal seal;
};

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    std::array<char, 4> digits{};
    std::snprintf(digits.data(), digits.size(), "%02X", static_cast<unsigned char>(byte));
    text += digits.data();
  }
  return text;
}

TEST(Hj212Seal, CipherIsTheStandardsVector) {
  const std::string contents = annex.substr(annex.find("DataTime"), 208);
  const std::string blocks = Sm4Key::parse("0000000000000000")->encrypt(contents);
  EXPECT_EQ(blocks.size(), 208U);
  EXPECT_EQ(hex(blocks).substr(0, 32), "E43E159ACFAB242CB53155FB8B9281A1");
  EXPECT_EQ(hex(blocks).substr(416 - 32), "D7467C70B94F1D4A7B0350A48DBF8B41");
  // GB/T 32907-2016, Annex A.1
  const auto key = Sm4Key::parse("0123456789abcdeffedcba9876543210");
  const std::string plain("\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10", 16);
  EXPECT_EQ(hex(key->encrypt(plain)), "681EDF34D206965E86B3E94F536E4246");
  EXPECT_EQ(key->decrypt(key->encrypt(plain)), plain);
}

TEST(Hj212Seal, LengthAndChecksumAreThoseOfThePlainSegment) {
  const std::string raw = to_sealed_frame(seal_of(WireForm::Raw), annex);
  EXPECT_EQ(raw.substr(0, 6), "##0295");
  EXPECT_EQ(raw.substr(raw.size() - 6), "2200\r\n");
  EXPECT_EQ(raw.size(), 295U + 12);
  EXPECT_EQ(raw.find("DataTime"), std::string::npos);
}

TEST(Hj212Seal, FrameIsOpenedHoweverItIsCut) {
  for (const WireForm form : {WireForm::Raw, WireForm::Hex}) {
    const OneSeal sealing(seal_of(form));
    const std::string two =
        to_sealed_frame(sealing.seal, annex) + to_sealed_frame(sealing.seal, annex);
    for (std::size_t cut = 0; cut <= two.size(); cut += 7) {
      FrameFinder finder(longest_segment, &sealing);
      int opened = 0;
      for (const std::string& piece : {two.substr(0, cut), two.substr(cut)}) {
        finder.push(piece);
        while (const auto found = finder.next()) {
          EXPECT_TRUE(found->encrypted()) << found->refused << " " << found->detail;
          EXPECT_EQ(found->segment(), annex);
          ++opened;
        }
      }
      EXPECT_EQ(opened, 2) << "cut at " << cut;
    }
  }
}

TEST(Hj212Seal, HexMayDeclareWhatIsOnTheWire) {
  const OneSeal sealing(seal_of(WireForm::Hex));
  std::string frame = to_sealed_frame(sealing.seal, annex);
  frame.replace(2, 4, "0" + std::to_string(frame.size() - frame_overhead));
  FrameFinder finder(longest_segment, &sealing);
  finder.push(frame);
  const auto found = finder.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->segment(), annex);
}

TEST(Hj212Seal, OlderKeyStillOpensWhileKeysChange) {
  const Seal device = seal_of(WireForm::Raw);
  const Seal box = seal_of(WireForm::Raw, {"msbE74gsiSHSEh5e", "0000000000000000"});
  const std::string frame = to_sealed_frame(device, annex);
  EXPECT_EQ(open(box, frame.substr(6, 295), 0x2200), annex);
}

TEST(Hj212Seal, WrongKeyOpensNothing) {
  const std::string frame = to_sealed_frame(seal_of(WireForm::Raw), annex);
  int opened = 0;
  for (int i = 0; i < 5000; ++i) {  // the checksum alone would let about twenty through
    const std::string key = "key-" + std::to_string(100'000'000'000 + i);
    opened += open(seal_of(WireForm::Raw, {key}), frame.substr(6, 295), 0x2200) ? 1 : 0;
  }
  EXPECT_EQ(opened, 0);
}

TEST(Hj212Seal, WithoutAKeyTheRefusalSaysWhatItMayBe) {
  FrameFinder finder;
  finder.push(to_sealed_frame(seal_of(WireForm::Raw), annex));
  const auto found = finder.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->refused, "crc");
  EXPECT_NE(found->detail.find("sm4_key_file"), std::string::npos) << found->detail;
}

TEST(Hj212Seal, BrokenBytesAreAWrongChecksum) {
  const OneSeal sealing(seal_of(WireForm::Raw));
  std::string frame = to_sealed_frame(sealing.seal, annex);
  frame[150] = static_cast<char>(frame[150] ^ 1);
  FrameFinder finder(longest_segment, &sealing);
  finder.push(frame);
  const auto found = finder.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->refused, "crc");
}

TEST(Hj212Seal, KeysComeFromAFileOneALine) {
  const test::Scratch folder("hj212-keys");
  const auto both =
      read_keys(folder.write("two", "msbE74gsiSHSEh5e\r\n\n30303030303030303030303030303030\n"));
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ(hex(both->at(1).encrypt("DataTime=2024052")), "E43E159ACFAB242CB53155FB8B9281A1");
  const auto wrong = read_keys(folder.write("short", "secret-word\n"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text().find("secret-word"), std::string::npos);  // never a secret
  EXPECT_FALSE(read_keys(folder.write("empty", "\n")));
  EXPECT_FALSE(read_keys(folder.path() / "none"));
}

}  // namespace
}  // namespace jieding::drivers::hj212
