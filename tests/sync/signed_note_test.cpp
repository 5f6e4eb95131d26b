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
  const Result<std::string> text = open_note(note, signer.key());
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
    EXPECT_FALSE(open_note(changed, signer.key())) << "byte " << i;
  }
  EXPECT_FALSE(open_note(note.substr(0, note.size() - 1), signer.key()));
  EXPECT_FALSE(parse_vkey("somebody+00000000+AAAA"));
}

TEST(SignedNote, KeyIsMadeOnceAndOnlyForItsOwner) {
  const test::TempFolder folder;
  const auto file = folder.path() / "ledger.key";
  EXPECT_EQ(load_signer(file, "jieding/s/g").error().kind(), Fault::NotFound);
  const std::string first = create_signer(file, "jieding/s/g").value().vkey();
  EXPECT_EQ(load_signer(file, "jieding/s/g").value().vkey(), first);
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_FALSE(load_signer(file, "no spaces"));
}

// C2SP signed-note, "Verifier keys", "Example".
TEST(SignedNote, ExampleOfTheFormatVerifies) {
  const VerifierKey key =
      parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").value();
  const std::string note =
      "This is an example message.\n\n"
      "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3"
      "mFXmRKuwHjG1Yu72IneyaQM=\n";
  EXPECT_EQ(open_note(note, key).value(), "This is an example message.\n");
  EXPECT_EQ(key.short_name(), "example.com/foo+530d903a");
  EXPECT_TRUE(key.fingerprint().starts_with("530d 903a "));
}

// C2SP signed-note, first example; a text that has empty lines itself.
TEST(SignedNote, TextEndsAtTheLastEmptyLine) {
  const Signer signer = test_signer();
  const std::string text = "Ognuno sta solo sul cuor della terra\n\ned \u00e8 subito sera.\n";
  EXPECT_EQ(open_note(signer.sign(text).value(), signer.key()).value(), text);
}

// C2SP tlog-checkpoint, the example at its top (its key is not published).
TEST(SignedNote, ExampleCheckpointIsRead) {
  const Checkpoint read = checkpoint_from_text(
                              "example.com/behind-the-sofa\n20852163\n"
                              "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")
                              .value();
  EXPECT_EQ(read.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(read.size, 20852163u);
  for (const char* wrong :
       {"a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "a\n1\nCsUYapGG\n", "a\n1\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"})
    EXPECT_FALSE(checkpoint_from_text(wrong)) << wrong;
}

TEST(SignedNote, UnknownSignaturesArePassedOverAndABadOneOfTheKeyIsNot) {
  const Signer signer = test_signer();
  const Signer other = Signer::from_seed("witness.example", {}).value();
  const std::string both = cosign("text\n", {&other, &signer}).value();
  EXPECT_TRUE(open_note(both, signer.key()));
  EXPECT_TRUE(open_note(both, other.key()));
  std::string bad = cosign("another text\n", {&signer}).value();
  bad = both + bad.substr(bad.find("\n\n") + 2);
  EXPECT_FALSE(open_note(bad, signer.key()));
  EXPECT_TRUE(open_note(bad, other.key()));
  EXPECT_FALSE(open_note(both + "no signature line\n", signer.key()));
  std::string crowd = both;
  for (int i = 0; i < 16; ++i)
    crowd += both.substr(both.find("\n\n") + 2);
  EXPECT_TRUE(open_note(crowd, signer.key()));
}

TEST(SignedNote, FingerprintIsReadAsPeopleTypeIt) {
  const VerifierKey key = test_signer().key();
  const std::string printed = key.fingerprint();
  EXPECT_EQ(printed.size(), 39u);
  std::string typed;
  for (const char c : printed)
    typed += c == ' ' ? ':' : static_cast<char>(std::toupper(c));
  EXPECT_TRUE(names_key(printed, key));
  EXPECT_TRUE(names_key(typed, key));
  EXPECT_TRUE(names_key(key.vkey(), key));
  EXPECT_FALSE(names_key(printed.substr(0, 34), key));
  EXPECT_FALSE(names_key("0000" + printed.substr(4), key));
  EXPECT_FALSE(names_key("", key));
}

}  // namespace
}  // namespace jieding::sync
