#pragma once
// The public half of a note's key as C2SP signed-note writes it, and as people compare it.

#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::sync {

/// `name+hash+key` taken apart. Ed25519 (type 0x01) only.
struct VerifierKey {
  std::string name;
  std::string id;          ///< 4 bytes, as a signature carries them
  std::string public_key;  ///< 32 bytes

  std::string vkey() const;
  /// `name+hash`: what a signature line tells of its key.
  std::string short_name() const;
  /// For the notice board: the first 16 bytes of the hash whose first 4 are the key's id, in eight
  /// groups of four hex digits.
  std::string fingerprint() const;
};

/// Of a name and the 32 bytes of a key.
VerifierKey verifier_key(std::string name, std::string_view public_key);
/// Invalid: not a verifier key, or its hash does not fit.
Result<VerifierKey> parse_vkey(std::string_view vkey);

/// Whether what a person gave (a vkey, or a fingerprint in any spacing and case) names this key.
bool names_key(std::string_view given, const VerifierKey& key);
/// The 32 hex digits of a fingerprint as people type it: blanks, colons and dashes are passed over.
Result<std::string> parse_fingerprint(std::string_view given);

/// A key's name holds no blanks and no plus (C2SP signed-note, "Format").
bool good_key_name(std::string_view name);

}  // namespace jieding::sync
