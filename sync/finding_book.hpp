#pragma once
// The store's door for findings: their steps, and the masked photos that they name.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/runtime/intake.hpp"
#include "sync/disk_room.hpp"
#include "sync/evidence_store.hpp"
#include "sync/finding_table.hpp"
#include "sync/journal.hpp"

namespace jieding::sync {

/// A photo that vision has masked.
struct Photo {
  std::string by;  ///< who brings it, as in the ledger
  std::string jpeg;
  Instant at;
};

/// The words of one step; the ledger has their hashes.
struct FindingWords {
  std::string text;
  std::string place;
};

/// Thread-bound to io; the work is done on journal, and what is handed in is on the disk when the
/// awaitable resumes. Lives in the store.
class FindingBook {
 public:
  FindingBook(Journal& journal, Ledger& ledger, EvidenceStore& evidence, DiskRoom& room)
      : journal_(journal), ledger_(ledger), evidence_(evidence), room_(room) {}

  /// Keeps it for the step that will name it; returns its SHA-256. TooMuch: this person has brought
  /// many within a day that no step names.
  boost::asio::awaitable<Result<std::string>> photo(Photo photo);
  /// Errors of finding_table::record; Conflict: a photo is not here, or `once` came with another
  /// request.
  boost::asio::awaitable<Result<FindingRecorded>> say(FindingWord word, FindingWords words,
                                                      int due_days, std::optional<OnceKey> once);
  boost::asio::awaitable<Result<std::vector<StoredFinding>>> newest(std::size_t count);

  boost::asio::awaitable<Result<FindingsNow>> now();

  /// A finding with the words behind its hashes, in the order of its steps.
  struct Told {
    StoredFinding finding;
    std::string place;
    std::vector<std::string> texts;
  };
  boost::asio::awaitable<Result<Told>> tell(std::uint64_t id);

 private:
  Result<FindingRecorded> record(Database& database, const FindingWord& word,
                                 const FindingWords& words, int due_days);
  Result<void> send_photos(Database& database, const std::vector<std::string>& pictures);

  Journal& journal_;
  Ledger& ledger_;
  EvidenceStore& evidence_;
  DiskRoom& room_;
};

}  // namespace jieding::sync
