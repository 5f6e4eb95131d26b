#pragma once
// Signed texts by the public formats of C2SP (signed-note, tlog-checkpoint), Ed25519 (type 0x01).

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "sync/hash.hpp"

namespace jieding::sync {

/// Signs notes under one name. Immutable, thread-safe.
class Signer {
 public:
  using Seed = std::array<std::uint8_t, 32>;
  static Result<Signer> from_seed(std::string name, const Seed& seed);

  /// `text` must end in a line feed; the answer is the whole note.
  Result<std::string> sign(std::string_view text) const;
  /// `name+hash+key`: what a verifier must know, and what a person compares.
  const std::string& vkey() const { return vkey_; }
  const std::string& name() const { return name_; }

 private:
  struct Key;
  Signer(std::string name, std::shared_ptr<const Key> key, std::string public_key);
  std::string name_;
  std::shared_ptr<const Key> key_;
  std::string key_id_;  ///< 4 bytes
  std::string vkey_;
};

/// The key of `STATE/secrets/ledger.key` (one line of hex, mode 0600); made at first use,
/// atomically.
Result<Signer> load_or_create_signer(const std::filesystem::path& file, std::string name);

/// The text of a note that carries a good signature by this vkey. Refused otherwise.
Result<std::string> open_note(std::string_view note, std::string_view vkey);

/// What a checkpoint says (C2SP tlog-checkpoint).
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

std::string to_text(const Checkpoint& checkpoint);
Result<Checkpoint> checkpoint_from_text(std::string_view text);

}  // namespace jieding::sync
