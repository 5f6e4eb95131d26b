#include "sync/merkle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace jieding::sync::merkle {
namespace {

/// The eight leaves of the test tree of the Certificate Transparency project.
const std::vector<std::string>& ct_leaves() {
  static const std::vector<std::string> leaves{
      "",
      std::string(1, '\0'),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  return leaves;
}

/// MTH of RFC 6962 §2.1, word by word.
Hash naive_root(const std::vector<std::string>& leaves, std::size_t begin, std::size_t end) {
  if (begin == end) return empty_root();
  if (end - begin == 1) return leaf_hash(leaves[begin]);
  std::size_t k = 1;
  while (2 * k < end - begin)
    k *= 2;
  return node_hash(naive_root(leaves, begin, begin + k), naive_root(leaves, begin + k, end));
}

/// A tree whose nodes are kept as the database keeps them.
struct StoredTree {
  explicit StoredTree(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      leaves.push_back("leaf " + std::to_string(i * i));
      frontier.append(leaf_hash(leaves.back()), [this](const Node& node) {
        nodes[{node.level, node.index}] = node.hash;
      });
    }
  }
  NodeReader reader() {
    return [this](unsigned level, std::uint64_t index) -> Result<Hash> {
      ++reads;
      const auto found = nodes.find({level, index});
      if (found == nodes.end()) return Error{Fault::Internal, "no such node"};
      return found->second;
    };
  }
  std::vector<std::string> leaves;
  Frontier frontier;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes;
  std::size_t reads = 0;
};

Hash flipped(Hash hash, std::size_t bit) {
  hash[bit / 8] = static_cast<std::uint8_t>(hash[bit / 8] ^ (1u << (bit % 8)));
  return hash;
}

TEST(Merkle, LeafHashesFollowRfc6962) {
  EXPECT_EQ(to_hex(empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(leaf_hash("")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  Frontier frontier;
  const std::vector<std::string> roots{
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (std::size_t i = 0; i < roots.size(); ++i) {
    frontier.append(leaf_hash(ct_leaves()[i]), [](const Node&) {});
    EXPECT_EQ(to_hex(frontier.root()), roots[i]) << "size " << i + 1;
  }
}

TEST(Merkle, RootMatchesNaiveTree) {
  StoredTree tree(130);
  for (std::uint64_t size = 0; size <= tree.leaves.size(); ++size) {
    const Result<Hash> root = root_at(size, tree.reader());
    ASSERT_TRUE(root) << root.error().text();
    EXPECT_EQ(*root, naive_root(tree.leaves, 0, size)) << "size " << size;
  }
  EXPECT_EQ(tree.frontier.root(), naive_root(tree.leaves, 0, tree.leaves.size()));
}

TEST(Merkle, FrontierIsRebuiltFromStoredNodes) {
  for (std::size_t size : {0u, 1u, 2u, 3u, 7u, 8u, 100u, 129u}) {
    StoredTree tree(size);
    std::vector<Hash> hashes;
    for (const Node& node : Frontier::positions(size))
      hashes.push_back(tree.nodes.at({node.level, node.index}));
    Frontier again(size, hashes);
    EXPECT_EQ(again.root(), tree.frontier.root());
    again.append(leaf_hash("next"), [](const Node&) {});
    tree.leaves.push_back("next");
    EXPECT_EQ(again.root(), naive_root(tree.leaves, 0, tree.leaves.size()));
  }
}

TEST(Merkle, InclusionAndConsistencyProofsVerify) {
  StoredTree tree(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    const Hash root = naive_root(tree.leaves, 0, size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.reader());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_inclusion(index, size, leaf_hash(tree.leaves[index]), *proof, root));
    }
    for (std::uint64_t older = 0; older <= size; ++older) {
      const auto proof = consistency_proof(older, size, tree.reader());
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_consistency(older, size, naive_root(tree.leaves, 0, older), root, *proof))
          << older << " in " << size;
    }
  }
}

TEST(Merkle, ProofsFailOnAnyFlippedBit) {
  StoredTree tree(23);
  const Hash root = tree.frontier.root();
  const Hash leaf = leaf_hash(tree.leaves[9]);
  const auto inclusion = inclusion_proof(9, 23, tree.reader()).value();
  const auto consistency = consistency_proof(11, 23, tree.reader()).value();
  const Hash older = naive_root(tree.leaves, 0, 11);
  for (std::size_t bit = 0; bit < 256; ++bit) {
    EXPECT_FALSE(verify_inclusion(9, 23, flipped(leaf, bit), inclusion, root));
    EXPECT_FALSE(verify_inclusion(9, 23, leaf, inclusion, flipped(root, bit)));
    EXPECT_FALSE(verify_consistency(11, 23, flipped(older, bit), root, consistency));
    EXPECT_FALSE(verify_consistency(11, 23, older, flipped(root, bit), consistency));
    for (std::size_t step = 0; step < inclusion.size(); ++step) {
      auto wrong = inclusion;
      wrong[step] = flipped(wrong[step], bit);
      EXPECT_FALSE(verify_inclusion(9, 23, leaf, wrong, root));
    }
    for (std::size_t step = 0; step < consistency.size(); ++step) {
      auto wrong = consistency;
      wrong[step] = flipped(wrong[step], bit);
      EXPECT_FALSE(verify_consistency(11, 23, older, root, wrong));
    }
  }
  EXPECT_FALSE(verify_inclusion(10, 23, leaf, inclusion, root));
  auto longer = inclusion;
  longer.push_back(root);
  EXPECT_FALSE(verify_inclusion(9, 23, leaf, longer, root));
}

TEST(Merkle, ProofsReadLogarithmicallyManyNodes) {
  StoredTree tree(4001);
  tree.reads = 0;
  ASSERT_TRUE(root_at(3999, tree.reader()));
  EXPECT_LE(tree.reads, 12u);
  tree.reads = 0;
  ASSERT_TRUE(inclusion_proof(1234, 3999, tree.reader()));
  EXPECT_LE(tree.reads, 24u);
  tree.reads = 0;
  ASSERT_TRUE(consistency_proof(1234, 3999, tree.reader()));
  EXPECT_LE(tree.reads, 36u);
}

}  // namespace
}  // namespace jieding::sync::merkle
