#include "firmware-tools/image/make.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/firmware-tools/image/given.hpp"

namespace jieding::tools::image::test {
namespace {

/// ECDSA takes a new random number each time, so its length varies by a byte or two.
std::string made_with_signature_as_long(const Given& given, std::size_t size) {
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = make(content_of("payload.bin"), given.recipe, given.signing()).value();
    if (bytes.size() == size) return bytes;
  }
  ADD_FAILURE() << "no signature as long as imgtool's";
  return {};
}

TEST(Make, GivesImgtoolsVeryBytes) {
  for (const Given& given : signed_images()) {
    const std::string theirs = content_of(given.file);
    if (given.key != "ed25519") continue;
    EXPECT_TRUE(make(content_of("payload.bin"), given.recipe, given.signing()).value() == theirs)
        << given.file;
  }
  const Given plain = unsigned_image();
  EXPECT_TRUE(make(content_of("payload.bin"), plain.recipe, {}).value() == content_of(plain.file));
}

TEST(Make, GivesImgtoolsVeryBytesButForTheEcdsaSignature) {
  for (const Given& given : signed_images()) {
    if (given.key != "p256") continue;
    const std::string theirs = content_of(given.file);
    const std::string ours = made_with_signature_as_long(given, theirs.size());
    const Image image = parse(theirs).value();
    const std::size_t signature = read_manifest(image)->signature->bytes.size();
    const std::size_t same = theirs.size() - signature;
    EXPECT_TRUE(ours.substr(0, same) == theirs.substr(0, same)) << given.file;
    EXPECT_TRUE(verify(ours, given.demands())) << given.file;
  }
}

TEST(Make, HeaderMayStandInThePayload) {
  Recipe recipe = recipe_of({1, 0, 0, 0});
  recipe.header_in_payload = true;
  const std::string payload = std::string(512, '\0') + "firmware";
  const std::string bytes = make(payload, recipe, {}).value();
  EXPECT_EQ(parse(bytes)->payload, "firmware");
  EXPECT_FALSE(make("firmware", recipe, {}));
  EXPECT_FALSE(make(std::string(511, '\0') + "\x01" + "firmware", recipe, {}));
}

TEST(Make, WhatDoesNotFitTheSlotIsRefused) {
  Recipe recipe = recipe_of({1, 0, 0, 0});
  recipe.slot = Slot{9552 + 128 * 3 + 8 * 4 + 16, 1, 128};
  EXPECT_TRUE(make(content_of("payload.bin"), recipe, {}));
  --recipe.slot->size;
  EXPECT_FALSE(make(content_of("payload.bin"), recipe, {}));
}

TEST(Make, TrailersOfEveryAlignmentAreReadAgain) {
  for (const unsigned align : {1U, 8U, 16U, 32U}) {
    for (const bool confirmed : {false, true}) {
      Recipe recipe = recipe_of({1, 0, 0, 0});
      recipe.slot = Slot{65536, align, 128};
      recipe.confirmed = confirmed;
      const std::string bytes = make("firmware", recipe, {}).value();
      EXPECT_EQ(bytes.size(), 65536U);
      EXPECT_EQ(parse(bytes)->trailer->confirmed, confirmed) << align;
      EXPECT_EQ(parse(bytes)->trailer->write_size, std::max(8U, align));
    }
  }
}

TEST(Make, WishesThatCannotBeAreRefused) {
  Recipe recipe = recipe_of({1, 0, 0, 0});
  EXPECT_FALSE(make("", recipe, {}));
  EXPECT_FALSE(make("firmware", recipe, Signing{key_of("p256"), true}));
  recipe.header_size = 31;
  EXPECT_FALSE(make("firmware", recipe, {}));
  recipe.header_size = 512;
  recipe.component = "thirteen long";
  EXPECT_FALSE(make("firmware", recipe, {}));
}

TEST(Sign, AnUnsignedImageBecomesImgtoolsSignedOne) {
  const Given given = signed_images()[0];
  const std::string bare = make(content_of("payload.bin"), given.recipe, {}).value();
  EXPECT_TRUE(sign(bare, *given.signing()).value() == content_of(given.file));
}

TEST(Sign, APaddedImageStaysPaddedAndConfirmed) {
  const Given given = signed_images()[1];
  const std::string bytes = content_of(given.file);
  EXPECT_TRUE(sign(bytes, *given.signing()).value() == bytes);
  const std::string other = sign(bytes, Signing{key_of("p256")}).value();
  EXPECT_EQ(other.size(), bytes.size());
  EXPECT_TRUE(verify(other, {{key_of("p256")}, {}, {}, {}, {}})->image.trailer->confirmed);
}

TEST(Sign, WhatWasChangedOrNamesAnotherSignerIsRefused) {
  std::string changed = content_of("ed25519-1.2.3+4-sc7.img");
  changed[1000] = static_cast<char>(changed[1000] ^ 1);
  EXPECT_FALSE(sign(changed, Signing{key_of("ed25519")}));
  EXPECT_FALSE(sign(content_of("p256-1.1.0-dependency.img"), Signing{key_of("ed25519")}));
}

TEST(Key, APublicKeyCannotSign) {
  const auto key = Key::from_pem(
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n");
  EXPECT_FALSE(key->is_private());
  EXPECT_FALSE(key->sign("message"));
}

TEST(Key, WhatIsNoKeyIsRefused) {
  EXPECT_FALSE(Key::from_pem(""));
  EXPECT_FALSE(Key::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  EXPECT_FALSE(Key::from_pem(std::string(20'000, 'x')));
}

}  // namespace
}  // namespace jieding::tools::image::test
