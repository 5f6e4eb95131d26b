#pragma once
// The Merkle tree of RFC 6962 (§2.1) over SHA-256: hashing, compact ranges, proofs. Pure.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"
#include "sync/hash.hpp"

namespace jieding::sync::merkle {

Hash leaf_hash(std::string_view leaf);                ///< SHA-256(0x00 || leaf)
Hash node_hash(const Hash& left, const Hash& right);  ///< SHA-256(0x01 || left || right)
Hash empty_root();                                    ///< SHA-256 of nothing

/// A perfect subtree: covers the leaves [index << level, (index + 1) << level).
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  Hash hash{};
};

/// The right-hand edge of a growing tree: one hash per set bit of its size, largest subtree first.
/// Appending costs O(log n) at worst and 2 hashes on average.
class Frontier {
 public:
  Frontier() = default;
  Frontier(std::uint64_t size, std::vector<Hash> hashes)
      : size_(size), hashes_(std::move(hashes)) {}

  /// Calls `store` with every perfect subtree that the leaf completes, the leaf itself first.
  void append(const Hash& leaf, const std::function<void(const Node&)>& store);
  Hash root() const;
  std::uint64_t size() const { return size_; }
  /// Level and index of the subtrees that make up a tree of this size, largest first.
  static std::vector<Node> positions(std::uint64_t size);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

/// Gives the stored hash of a perfect subtree.
using NodeReader = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

/// O(log n) reads each. Invalid when index or sizes do not fit.
Result<Hash> root_at(std::uint64_t size, const NodeReader& read);
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const NodeReader& read);
Result<std::vector<Hash>> consistency_proof(std::uint64_t older, std::uint64_t newer,
                                            const NodeReader& read);

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                      const std::vector<Hash>& proof, const Hash& root);
bool verify_consistency(std::uint64_t older, std::uint64_t newer, const Hash& older_root,
                        const Hash& newer_root, const std::vector<Hash>& proof);

}  // namespace jieding::sync::merkle
