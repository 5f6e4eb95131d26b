#include "sync/signed_note.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sync/merkle.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync {
namespace {

Signer test_signer() {
  Signer::Seed seed{};
  for (std::size_t i = 0; i < seed.size(); ++i)
    seed[i] = static_cast<std::uint8_t>(i);
  return Signer::from_seed("jieding/hz-demo/gw1", seed).value();
}

TEST(SignedNote, CheckpointSignatureVerifies) {
  const Signer signer = test_signer();
  const Checkpoint checkpoint{signer.name(), 50, merkle::leaf_hash("x")};
  const std::string note = signer.sign(to_text(checkpoint)).value();
  const Result<std::string> text = open_note(note, signer.vkey());
  ASSERT_TRUE(text) << text.error().text();
  const Result<Checkpoint> read = checkpoint_from_text(*text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->origin, "jieding/hz-demo/gw1");
  EXPECT_EQ(read->size, 50u);
  EXPECT_EQ(read->root, checkpoint.root);
}

// RFC 8032 §7.1, test 1: the seed gives this public key; the vkey carries it after its type byte.
TEST(SignedNote, PublicKeyFollowsRfc8032) {
  const auto seed =
      hash_from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const Signer signer = Signer::from_seed("example.com/log", *seed).value();
  const std::size_t first = signer.vkey().find('+');
  const std::size_t second = signer.vkey().find('+', first + 1);  // base64 may hold more of them
  const std::string key = from_base64(signer.vkey().substr(second + 1)).value();
  ASSERT_EQ(key.size(), 33u);
  EXPECT_EQ(key[0], 1);
  EXPECT_EQ(to_hex(*hash_from_bytes(key.substr(1))),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(SignedNote, AnyChangedByteIsRefused) {
  const Signer signer = test_signer();
  const std::string note =
      signer.sign(to_text(Checkpoint{signer.name(), 7, merkle::empty_root()})).value();
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(open_note(changed, signer.vkey())) << "byte " << i;
  }
  EXPECT_FALSE(open_note(note.substr(0, note.size() - 1), signer.vkey()));
  EXPECT_FALSE(open_note(note, "somebody+00000000+AAAA"));
}

TEST(SignedNote, KeyIsMadeOnceAndOnlyForItsOwner) {
  const test::TempFolder folder;
  const auto file = folder.path() / "ledger.key";
  const std::string first = load_or_create_signer(file, "jieding/s/g").value().vkey();
  EXPECT_EQ(load_or_create_signer(file, "jieding/s/g").value().vkey(), first);
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_FALSE(load_or_create_signer(file, "no spaces"));
}

}  // namespace
}  // namespace jieding::sync
