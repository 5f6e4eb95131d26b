#include "firmware-tools/image/verify.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/firmware-tools/image/given.hpp"

namespace jieding::tools::image::test {
namespace {

std::string verdict(std::string_view bytes, const Demands& demands) {
  const auto verified = verify(bytes, demands);
  return verified ? "" : verified.error().text();
}

std::string other_key(const Given& given) {
  return given.key == "p256" ? "ed25519" : "p256";
}

/// Ed25519, made for this test and used nowhere.
constexpr const char* strange_key =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

TEST(Verify, ImagesOfImgtoolAreGoodWithTheirKey) {
  for (const Given& given : signed_images())
    EXPECT_EQ(verdict(content_of(given.file), given.demands()), "") << given.file;
}

TEST(Verify, UnsignedIsRefused) {
  const std::string bytes = content_of(unsigned_image().file);
  const Image image = parse(bytes).value();
  EXPECT_TRUE(hash_is_right(image, read_manifest(image).value()));
  EXPECT_EQ(verdict(bytes, {{key_of("ed25519"), key_of("p256")}, {}, {}, {}, {}}), "is not signed");
}

TEST(Verify, AnotherKeyIsRefused) {
  const Key strange = Key::from_pem(strange_key).value();
  for (const Given& given : signed_images()) {
    const std::string bytes = content_of(given.file);
    EXPECT_EQ(verdict(bytes, {{key_of(other_key(given)), strange}, {}, {}, {}, {}}),
              "is signed by another key");
    EXPECT_EQ(verdict(bytes, {}), "is signed by another key");
    EXPECT_EQ(verdict(bytes, {{strange, key_of(given.key)}, {}, {}, {}, {}}), "");
  }
}

// Each byte is covered by hash and signature, decides how the rest is read, or is erased flash.
TEST(Verify, AnyChangedByteIsRefused) {
  for (const Given& given : signed_images()) {
    std::string bytes = content_of(given.file);
    const Demands demands = given.demands();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const char mask : {'\x01', '\x80', '\xff'}) {
        bytes[at] = static_cast<char>(bytes[at] ^ mask);
        ASSERT_NE(verdict(bytes, demands), "") << given.file << " byte " << at;
        bytes[at] = static_cast<char>(bytes[at] ^ mask);
      }
    }
    EXPECT_EQ(verdict(bytes, demands), "");
  }
}

TEST(Verify, SignatureOfAnotherImageIsRefused) {
  std::string bytes = content_of("ed25519-1.2.3+4-sc7.img");
  const std::string other = content_of("ed25519-fullkey-1.4.0.img");
  bytes.replace(bytes.size() - 64, 64, other.substr(other.size() - 64));
  EXPECT_EQ(verdict(bytes, {{key_of("ed25519")}, {}, {}, {}, {}}), "its signature is wrong");
}

TEST(Verify, OlderVersionsAreRefused) {
  const Given given = signed_images()[0];
  const std::string bytes = content_of(given.file);
  Demands demands = given.demands();
  demands.newer_than = Version{1, 2, 3, 3};
  EXPECT_EQ(verdict(bytes, demands), "");
  demands.newer_than = Version{1, 2, 3, 4};
  EXPECT_EQ(verdict(bytes, demands), "is version 1.2.3+4, not newer than 1.2.3+4");
}

TEST(Verify, LowerOrMissingSecurityCountersAreRefused) {
  const Given given = signed_images()[0];
  const std::string bytes = content_of(given.file);
  Demands demands = given.demands();
  demands.least_counter = 7;
  EXPECT_EQ(verdict(bytes, demands), "");
  demands.least_counter = 8;
  EXPECT_EQ(verdict(bytes, demands), "has security counter 7, less than 8");
  demands.least_counter = 0;
  EXPECT_EQ(verdict(content_of("ed25519-fullkey-1.4.0.img"), demands), "has no security counter");
}

TEST(Verify, AnotherBoardIsRefused) {
  Recipe recipe = recipe_of({1, 0, 0, 0});
  recipe.vendor = vendor_uuid("example.com");
  recipe.board = board_uuid(recipe.vendor, "wind-node").value();
  const std::string bytes = make("payload", recipe, Signing{key_of("ed25519")}).value();
  Demands demands{{key_of("ed25519")}, {}, {}, recipe.vendor, recipe.board};
  EXPECT_EQ(verdict(bytes, demands), "");
  demands.board = board_uuid(recipe.vendor, "dust-node").value();
  EXPECT_EQ(verdict(bytes, demands), "is for another board");
  demands.vendor = vendor_uuid("example.org");
  EXPECT_EQ(verdict(bytes, demands), "is for another vendor");
  EXPECT_EQ(verdict(content_of("ed25519-1.2.3+4-sc7.img"), demands), "is for another vendor");
}

// Python: uuid.uuid5(uuid.NAMESPACE_DNS, "example.com"), then uuid.uuid5(that, "wind-node").
TEST(Board, NamesBecomeImgtoolsUuids) {
  const Uuid vendor = vendor_uuid("example.com");
  EXPECT_EQ(to_text(vendor), "cfbff0d1-9375-5685-968c-48ce8b15ae17");
  EXPECT_EQ(to_text(board_uuid(vendor, "wind-node").value()),
            "900ce123-41f2-5500-ae02-1335a628a49f");
  EXPECT_EQ(vendor_uuid("cfbff0d1-9375-5685-968c-48ce8b15ae17"), vendor);
  EXPECT_FALSE(board_uuid({}, "wind-node"));
}

}  // namespace
}  // namespace jieding::tools::image::test
