#pragma once
// Signed texts by the public formats of C2SP (signed-note, tlog-checkpoint), Ed25519 (type 0x01).

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"
#include "sync/hash.hpp"
#include "sync/verifier_key.hpp"

namespace jieding::sync {

/// Signs notes under one name. Immutable, thread-safe.
class Signer {
 public:
  using Seed = std::array<std::uint8_t, 32>;
  static Result<Signer> from_seed(std::string name, const Seed& seed);

  /// `text` must end in a line feed; the answer is the whole note.
  Result<std::string> sign(std::string_view text) const;
  /// What a verifier must know, and what a person compares.
  const VerifierKey& key() const { return public_; }
  const std::string& vkey() const { return vkey_; }
  const std::string& name() const { return public_.name; }

 private:
  friend Result<std::string> cosign(std::string_view text, const std::vector<const Signer*>&);
  struct Key;
  Signer(VerifierKey key, std::shared_ptr<const Key> secret);
  Result<std::string> signature_line(std::string_view text) const;
  VerifierKey public_;
  std::string vkey_;
  std::shared_ptr<const Key> secret_;
};

/// A note with a signature by each.
Result<std::string> cosign(std::string_view text, const std::vector<const Signer*>& signers);

/// The key in a file (one line of hex, mode 0600). NotFound: there is no such file.
Result<Signer> load_signer(const std::filesystem::path& file, std::string name);
/// Makes a key and its file, atomically; what was there is replaced.
Result<Signer> create_signer(const std::filesystem::path& file, std::string name);

inline constexpr std::size_t most_note_bytes =
    std::size_t{64} * 1024;  ///< room for far more than 16 signatures

/// The text of a note that carries a good signature by this key. Refused: it carries none, or a bad
/// one beside it. Invalid: not a note at all.
Result<std::string> open_note(std::string_view note, const VerifierKey& key);

/// What a checkpoint says (C2SP tlog-checkpoint).
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

std::string to_text(const Checkpoint& checkpoint);
Result<Checkpoint> checkpoint_from_text(std::string_view text);

}  // namespace jieding::sync
