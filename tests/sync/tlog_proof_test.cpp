#include "sync/tlog_proof.hpp"

#include <map>

#include "sync/merkle.hpp"
#include "sync/signed_note.hpp"
#include "tests/sync/fixture.hpp"

namespace jieding::sync::tlog {
namespace {

// C2SP tlog-proof, the example at its top; the signatures are cut short there.
const std::string example =
    "c2sp.org/tlog-proof@v1\n"
    "index 73894\n"
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
    "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
    "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n"
    "\n"
    "example.com/fancylog\n"
    "109482\n"
    "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
    "\n"
    "\u2014 example.com/fancylog hI2DJw==\n";

TEST(TlogProof, ExampleOfTheFormatIsRead) {
  const Proof proof = proof_from_text(example).value();
  EXPECT_EQ(proof.index, 73894u);
  EXPECT_EQ(proof.path.size(), 5u);
  EXPECT_TRUE(proof.extra.empty());
  EXPECT_TRUE(proof.checkpoint.starts_with("example.com/fancylog\n109482\n"));
  EXPECT_EQ(to_text(proof), example);
}

TEST(TlogProof, WhatIsNotByTheFormatIsRefused) {
  const auto with = [](std::string from, const std::string& to) {
    std::string text = example;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& wrong :
       {std::string(), example.substr(0, example.find("\n\n") + 1), with("@v1", "@v2"),
        with("index 73894", "index 073894"), with("index 73894", "index -1"),
        with("index 73894\n", ""), with("index", "extra !\nindex"), with("gSKyX", "gSKy"),
        with("\n\n", "\n" + std::string(65 * 45, 'A') + "\n\n")})
    EXPECT_FALSE(proof_from_text(wrong)) << wrong;
}

class TlogProofOfATree : public ::testing::Test {
 protected:
  static constexpr std::uint64_t size = 300;
  TlogProofOfATree() {
    for (std::uint64_t i = 0; i < size; ++i)
      frontier_.append(merkle::leaf_hash(leaf(i)), [this](const merkle::Node& node) {
        nodes_[{node.level, node.index}] = node.hash;
      });
  }
  static std::string leaf(std::uint64_t i) { return "leaf " + std::to_string(i); }
  Proof proof_of(std::uint64_t index) {
    const auto read = [this](unsigned level, std::uint64_t at) -> Result<Hash> {
      return nodes_.at({level, at});
    };
    return {
        leaf(index), index, merkle::inclusion_proof(index, size, read).value(),
        signer_.sign(sync::to_text(Checkpoint{signer_.name(), size, frontier_.root()})).value()};
  }

  Signer signer_ = Signer::from_seed("jieding/hz-demo/gw1", {}).value();
  merkle::Frontier frontier_;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes_;
};

TEST_F(TlogProofOfATree, ProofHoldsAfterItWasWrittenAndRead) {
  for (const std::uint64_t index : {0u, 1u, 255u, 256u, 299u}) {
    const Proof read = proof_from_text(to_text(proof_of(index))).value();
    EXPECT_TRUE(verify(read, read.extra, signer_.key())) << index;
  }
}

TEST_F(TlogProofOfATree, NothingElseIsProved) {
  const Proof good = proof_of(77);
  EXPECT_FALSE(verify(good, leaf(78), signer_.key()));
  Proof elsewhere = good;
  elsewhere.index = 78;
  EXPECT_FALSE(verify(elsewhere, leaf(77), signer_.key()));
  Proof shorter = good;
  shorter.path.pop_back();
  EXPECT_FALSE(verify(shorter, leaf(77), signer_.key()));
  const Signer other = Signer::from_seed("jieding/hz-demo/gw2", {}).value();
  EXPECT_FALSE(verify(good, leaf(77), other.key()));
  Proof of_another_log = good;
  of_another_log.checkpoint =
      signer_.sign(sync::to_text(Checkpoint{"jieding/elsewhere", size, frontier_.root()})).value();
  EXPECT_FALSE(verify(of_another_log, leaf(77), signer_.key()));
}

}  // namespace
}  // namespace jieding::sync::tlog
