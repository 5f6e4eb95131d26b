#pragma once
// The append-only, Merkle-hashed, signed list of events: the single truth of the record.

#include <boost/json/object.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/time.hpp"
#include "sync/merkle.hpp"
#include "sync/mirror.hpp"
#include "sync/signed_note.hpp"

namespace jieding::sync {

/// An event before the ledger gives it its place.
struct EventDraft {
  std::string
      type;  ///< `milestone`, `action`, `finding`, `households`, `alert`, ...: leaf.schema.json
  Stamp at;  ///< business time
  boost::json::object data;
};

/// The newest signed tree head.
struct SignedCheckpoint {
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  ///< C2SP signed note
};

/// Appends inside the caller's transaction; signs once per commit. Lives on journal, except
/// checkpoint(), size() and vkey(), which any thread may ask.
class Ledger final : public Mirror {
 public:
  Ledger(std::string site, std::string gateway, Signer signer);

  /// Takes up where the database stands; signs the checkpoint of an empty ledger.
  /// Internal when the stored tree contradicts its last checkpoint.
  Result<void> load(Database& database);
  /// Shows the last checkpoint as it is stored, right or wrong: for a record that is only looked
  /// at.
  Result<void> look(Database& database);
  /// Appends and returns the event's index. TooMuch: longer than an entry of a bundle may be.
  Result<std::uint64_t> append(Database& database, const EventDraft& draft);

  /// Newest committed checkpoint.
  SignedCheckpoint checkpoint() const;
  std::uint64_t size() const { return checkpoint().size; }
  const std::string& vkey() const { return signer_.vkey(); }

  void writer_begins() override;
  void writer_undone() override;
  Result<void> before_commit(Database& database) override;
  void committed() override;
  void group_undone() override;

 private:
  Result<SignedCheckpoint> sign(const merkle::Frontier& frontier) const;

  std::string site_;
  std::string gateway_;
  Signer signer_;
  merkle::Frontier frontier_;               ///< with the open transaction's events
  merkle::Frontier at_writer_;              ///< when the running writer began
  merkle::Frontier durable_;                ///< as committed
  std::optional<SignedCheckpoint> signed_;  ///< of the open transaction

  mutable std::mutex mutex_;
  SignedCheckpoint published_;
};

/// What is stored, for readers (journal, in read or write).
namespace ledger {

Result<std::uint64_t> size(Database& database);
/// The stored hash of a perfect subtree.
Result<Hash> node(Database& database, unsigned level, std::uint64_t index);
/// The canonical JSON of one event, exactly as hashed.
Result<std::string> leaf(Database& database, std::uint64_t index);
Result<std::vector<std::string>> leaves(Database& database, std::uint64_t from, std::size_t count);
Result<Hash> root_at(Database& database, std::uint64_t size);
Result<std::vector<Hash>> inclusion_proof(Database& database, std::uint64_t index,
                                          std::uint64_t size);
Result<std::vector<Hash>> consistency_proof(Database& database, std::uint64_t older,
                                            std::uint64_t newer);
/// The newest stored checkpoint; size 0 and an empty note when there is none.
Result<SignedCheckpoint> last_checkpoint(Database& database);

}  // namespace ledger
}  // namespace jieding::sync
