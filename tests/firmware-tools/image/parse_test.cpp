#include <gtest/gtest.h>

#include <string>

#include "firmware-tools/image/image.hpp"
#include "firmware-tools/image/little_endian.hpp"
#include "firmware-tools/image/manifest.hpp"
#include "tests/firmware-tools/image/given.hpp"

namespace jieding::tools::image::test {
namespace {

std::string good_bytes() {
  return content_of("ed25519-1.2.3+4-sc7.img");
}

/// What `parse` or `read_manifest` says against it; empty: nothing.
std::string complaint(std::string_view bytes) {
  const auto image = parse(bytes);
  if (!image) return image.error().text();
  const auto manifest = read_manifest(*image);
  return manifest ? "" : manifest.error().text();
}

template <class Number>
void write_at(std::string& bytes, std::size_t at, Number number) {
  std::string value;
  append_little_endian(value, number);
  bytes.replace(at, value.size(), value);
}

constexpr std::size_t protected_at = 512 + 9000;
constexpr std::size_t plain_at = protected_at + 12;

TEST(Image, EveryByteHasItsPlace) {
  const std::string bytes = good_bytes();
  const Image image = parse(bytes).value();
  EXPECT_EQ(image.payload, content_of("payload.bin"));
  EXPECT_EQ(image.version, (Version{1, 2, 3, 4}));
  EXPECT_EQ(image.covered.size(), plain_at);
  EXPECT_EQ(image.size, bytes.size());
  EXPECT_FALSE(image.trailer);
}

TEST(Image, WhatItSaysIsRead) {
  const std::string bytes = content_of("p256-1.1.0-dependency.img");
  const Image image = parse(bytes).value();
  const Manifest manifest = read_manifest(image).value();
  ASSERT_EQ(manifest.dependencies.size(), 1U);
  EXPECT_EQ(manifest.dependencies[0].image, 1);
  EXPECT_EQ(manifest.dependencies[0].version, (Version{1, 2, 0, 0}));
  ASSERT_TRUE(manifest.boot_record);
  EXPECT_EQ(manifest.boot_record->type, "node");
  EXPECT_EQ(manifest.boot_record->version, "1.1.0");
  EXPECT_EQ(manifest.boot_record->hash, "SHA256");
  EXPECT_EQ(manifest.boot_record->signer, manifest.signature->key_hash);
}

TEST(Image, PaddedAndConfirmedIsSeen) {
  std::string bytes = content_of("ed25519-1.3.0-padded-confirmed.img");
  EXPECT_TRUE(parse(bytes)->trailer->confirmed);
  bytes[bytes.size() - 24] = '\xff';
  EXPECT_FALSE(parse(bytes)->trailer->confirmed);
}

TEST(Image, TruncatedAtAnyByteIsRefused) {
  for (const Given& given : signed_images()) {
    const std::string bytes = content_of(given.file);
    const std::size_t image_size = parse(bytes)->size;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      // What is cut off from a padded image may be its padding as a whole.
      if (size == image_size) continue;
      ASSERT_NE(complaint(std::string_view(bytes).substr(0, size)), "") << given.file << size;
    }
  }
}

TEST(Image, WhatStandsBehindItIsRefused) {
  std::string bytes = good_bytes();
  bytes += '\xff';
  EXPECT_NE(complaint(bytes), "");
  bytes.resize(bytes.size() + 4096, '\xff');
  EXPECT_NE(complaint(bytes), "") << "padding without a trailer";
}

TEST(Image, LengthsThatLieAreRefused) {
  const auto with4 = [](std::size_t at, std::uint32_t number) {
    std::string bytes = good_bytes();
    write_at(bytes, at, number);
    return complaint(bytes);
  };
  const auto with = [](std::size_t at, unsigned number) {
    std::string bytes = good_bytes();
    write_at(bytes, at, static_cast<std::uint16_t>(number));
    return complaint(bytes);
  };
  for (const unsigned size : {0U, 31U, 511U, 513U, 0xFFFFU})
    EXPECT_NE(with(8, size), "") << "header " << size;
  for (const std::uint32_t size : {0U, 8999U, 9001U, 0x7FFFFFFFU, 0xFFFFFFFFU, 0xFFFFFE00U})
    EXPECT_NE(with4(12, size), "") << "payload " << size;
  for (const unsigned size : {0U, 1U, 4U, 11U, 13U, 0xFFFFU}) {
    EXPECT_NE(with(10, size), "") << "protected, header " << size;
    EXPECT_NE(with(protected_at + 2, size), "") << "protected " << size;
  }
  for (const unsigned size : {0U, 3U, 5U, 0xFFFFU}) {
    EXPECT_NE(with(protected_at + 6, size), "") << "counter " << size;
    EXPECT_NE(with(plain_at + 2, size), "") << "plain " << size;
    EXPECT_NE(with(plain_at + 6, size), "") << "hash " << size;
  }
}

TEST(Image, WhatIsNotUnderstoodIsRefused) {
  std::string encrypted = good_bytes();
  write_at(encrypted, 16, std::uint32_t{0x4});
  EXPECT_NE(complaint(encrypted), "");
  std::string unknown = good_bytes();
  write_at(unknown, protected_at + 4, std::uint16_t{0x51});
  EXPECT_NE(complaint(unknown), "");
  std::string makers_own = good_bytes();
  write_at(makers_own, protected_at + 4, std::uint16_t{0x01A0});
  EXPECT_EQ(complaint(makers_own), "");
  std::string no_key = good_bytes();
  write_at(no_key, plain_at + 40, std::uint16_t{0x1A0});
  EXPECT_NE(complaint(no_key), "") << "plain TLVs are signed by nobody";
}

TEST(Image, TooManyTlvsAreRefused) {
  std::string bytes = content_of("unsigned-0.9.0.img");
  std::string tlvs;
  for (std::size_t i = 0; i <= most_tlvs; ++i)
    tlvs.append("\x10\x00\x00\x00", 4);
  bytes.resize(512 + 9000 + info_size);
  write_at(bytes, 512 + 9000 + 2, static_cast<std::uint16_t>(info_size + tlvs.size()));
  EXPECT_NE(complaint(bytes + tlvs), "");
}

TEST(Version, IsReadAndWritten) {
  EXPECT_EQ(to_text(parse_version("1.2.3+4").value()), "1.2.3+4");
  EXPECT_EQ(to_text(parse_version("255.255.65535+4294967295").value()), "255.255.65535+4294967295");
  EXPECT_EQ(parse_version("7").value(), (Version{7, 0, 0, 0}));
  for (const char* text : {"", "1.", "01.2", "1.2.3.4", "1+2", "256", "1.2.65536", "-1", "1.2.3+",
                           "1.2.3+4294967296", "v1.2", "1.2.3 "})
    EXPECT_FALSE(parse_version(text)) << text;
}

TEST(Version, BuildNumberCountsLast) {
  EXPECT_LT((Version{1, 2, 3, 4}), (Version{1, 2, 3, 5}));
  EXPECT_LT((Version{1, 2, 3, 4}), (Version{1, 2, 4, 0}));
  EXPECT_LT((Version{1, 2, 3, 4}), (Version{1, 10, 0, 0}));
}

}  // namespace
}  // namespace jieding::tools::image::test
