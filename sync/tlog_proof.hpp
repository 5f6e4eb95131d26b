#pragma once
// A proof that one leaf is in a signed tree, to be checked offline (C2SP tlog-proof). Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"
#include "sync/hash.hpp"
#include "sync/verifier_key.hpp"

namespace jieding::sync::tlog {

struct Proof {
  std::string extra;  ///< opaque bytes; ours are the leaf itself. Proved by its hash, not by itself
  std::uint64_t index = 0;
  std::vector<Hash> path;  ///< RFC 6962 §2.1.1, the leaf's sibling first
  std::string checkpoint;  ///< signed note
};

std::string to_text(const Proof& proof);
/// Invalid: not by the format.
Result<Proof> proof_from_text(std::string_view text);

/// Whether the leaf stands at the proof's index in a tree that this key signed. Refused: the
/// signature, the origin or the path does not hold.
Result<void> verify(const Proof& proof, std::string_view leaf, const VerifierKey& key);

}  // namespace jieding::sync::tlog
