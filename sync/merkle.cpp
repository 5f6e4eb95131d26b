#include "sync/merkle.hpp"

#include <bit>
#include <string>

namespace jieding::sync::merkle {
namespace {

constexpr std::string_view leaf_prefix("\0", 1);
constexpr std::string_view node_prefix("\1", 1);

/// Largest power of two below n (n > 1), RFC 6962's k.
std::uint64_t split_of(std::uint64_t n) {
  return std::bit_floor(n - 1);
}

unsigned level_of(std::uint64_t power_of_two) {
  return static_cast<unsigned>(std::countr_zero(power_of_two));
}

/// Hash of the leaves [begin, begin + count); begin is a multiple of the next power of two >=
/// count.
Result<Hash> range_hash(std::uint64_t begin, std::uint64_t count, const NodeReader& read) {
  if (std::has_single_bit(count)) return read(level_of(count), begin / count);
  const std::uint64_t left_count = split_of(count);
  const Result<Hash> left = read(level_of(left_count), begin / left_count);
  if (!left) return left;
  const Result<Hash> right = range_hash(begin + left_count, count - left_count, read);
  if (!right) return right;
  return node_hash(*left, *right);
}

/// PATH of RFC 6962 §2.1.1 within [begin, begin + count), deepest sibling first.
Result<void> path(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                  const NodeReader& read, std::vector<Hash>& proof) {
  if (count == 1) return {};
  const std::uint64_t left = split_of(count);
  const bool goes_left = index - begin < left;
  const Result<void> below = goes_left ? path(index, begin, left, read, proof)
                                       : path(index, begin + left, count - left, read, proof);
  if (!below) return below;
  const Result<Hash> sibling =
      goes_left ? range_hash(begin + left, count - left, read) : range_hash(begin, left, read);
  if (!sibling) return sibling.error();
  proof.push_back(*sibling);
  return {};
}

/// SUBPROOF of RFC 6962 §2.1.2.
Result<void> subproof(std::uint64_t older, std::uint64_t begin, std::uint64_t count, bool whole,
                      const NodeReader& read, std::vector<Hash>& proof) {
  if (older == count) {
    if (whole) return {};
    const Result<Hash> known = range_hash(begin, count, read);
    if (!known) return known.error();
    proof.push_back(*known);
    return {};
  }
  const std::uint64_t left = split_of(count);
  const bool in_left = older <= left;
  const Result<void> below =
      in_left ? subproof(older, begin, left, whole, read, proof)
              : subproof(older - left, begin + left, count - left, false, read, proof);
  if (!below) return below;
  const Result<Hash> sibling =
      in_left ? range_hash(begin + left, count - left, read) : range_hash(begin, left, read);
  if (!sibling) return sibling.error();
  proof.push_back(*sibling);
  return {};
}

Error out_of_range(std::string_view what) {
  return {Fault::Invalid, "ledger: " + std::string(what) + " is beyond the tree"};
}

}  // namespace

Hash leaf_hash(std::string_view leaf) {
  return sha256(leaf_prefix, leaf);
}
Hash node_hash(const Hash& left, const Hash& right) {
  return sha256(node_prefix, bytes_of(left), bytes_of(right));
}
Hash empty_root() {
  return sha256({});
}

void Frontier::append(const Hash& leaf, const std::function<void(const Node&)>& store) {
  Node node{0, size_, leaf};
  store(node);
  for (std::uint64_t carry = size_; (carry & 1) != 0; carry >>= 1) {
    node = {node.level + 1, node.index >> 1, node_hash(hashes_.back(), node.hash)};
    hashes_.pop_back();
    store(node);
  }
  hashes_.push_back(node.hash);
  ++size_;
}

Hash Frontier::root() const {
  if (hashes_.empty()) return empty_root();
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;)
    root = node_hash(hashes_[i], root);
  return root;
}

std::vector<Node> Frontier::positions(std::uint64_t size) {
  std::vector<Node> nodes;
  std::uint64_t begin = 0;
  while (begin < size) {
    const std::uint64_t count = std::bit_floor(size - begin);
    nodes.push_back({level_of(count), begin / count, {}});
    begin += count;
  }
  return nodes;
}

Result<Hash> root_at(std::uint64_t size, const NodeReader& read) {
  if (size == 0) return empty_root();
  return range_hash(0, size, read);
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const NodeReader& read) {
  if (index >= size) return out_of_range("the index");
  std::vector<Hash> proof;
  if (auto found = path(index, 0, size, read, proof); !found) return found.error();
  return proof;
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t older, std::uint64_t newer,
                                            const NodeReader& read) {
  if (older > newer) return out_of_range("the older size");
  std::vector<Hash> proof;
  if (older == 0 || older == newer) return proof;
  if (auto found = subproof(older, 0, newer, true, read, proof); !found) return found.error();
  return proof;
}

// The verifiers follow RFC 9162 §2.1.3.2 and §2.1.4.2 (same trees, iterative form).
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                      const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && hash == root;
}

bool verify_consistency(std::uint64_t older, std::uint64_t newer, const Hash& older_root,
                        const Hash& newer_root, const std::vector<Hash>& proof) {
  if (older > newer) return false;
  if (older == newer) return proof.empty() && older_root == newer_root;
  if (older == 0) return proof.empty() && older_root == empty_root();
  std::vector<Hash> steps = proof;
  if (std::has_single_bit(older)) steps.insert(steps.begin(), older_root);
  if (steps.empty()) return false;
  std::uint64_t fn = older - 1;
  std::uint64_t sn = newer - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  Hash fr = steps.front();
  Hash sr = steps.front();
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(steps[i], fr);
      sr = node_hash(steps[i], sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = node_hash(sr, steps[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && fr == older_root && sr == newer_root;
}

}  // namespace jieding::sync::merkle
