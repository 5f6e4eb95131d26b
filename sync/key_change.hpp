#pragma once
// How the ledger says that another key signs it from here on: an event of type `key`. Pure.
//
//   {"act": "rotate", "previous": VKEY, "key": VKEY, "note": signed by both keys}
//   {"act": "lost", "previous": "name+hash", "key": VKEY, "note": signed by the new key alone}
//
// The note's text binds the new key to its place: four lines, `jieding ledger key change`, origin,
// index of this leaf, vkey. A verifier that trusts the old key follows a rotation by itself; after
// a loss people must compare the new fingerprint.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "sync/signed_note.hpp"

namespace jieding::sync {

struct KeyChange {
  std::uint64_t index = 0;  ///< of its leaf
  bool lost = false;
  std::string previous;  ///< vkey; of a lost key `name+hash`
  std::string key;       ///< vkey
  std::string note;
};

/// The `data` of the event at this index. `old` is null where it is lost.
Result<boost::json::object> key_change_data(std::uint64_t index, const Signer* old,
                                            const std::string& previous, const Signer& fresh);
/// Of a parsed leaf; nothing: it is no change of keys.
std::optional<KeyChange> key_change_of(const boost::json::object& leaf, std::uint64_t index);
/// Whether the note is what it must be. Refused: a signature is missing or bad.
Result<void> check(const KeyChange& change);

}  // namespace jieding::sync
