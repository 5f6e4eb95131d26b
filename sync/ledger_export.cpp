#include "sync/ledger_export.hpp"

#include <fstream>
#include <system_error>

#include "sync/file_system.hpp"
#include "sync/ledger_tiles.hpp"
#include "sync/tlog_tiles.hpp"

namespace jieding::sync {
namespace {

namespace fs = std::filesystem;

Result<void> write(const fs::path& file, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (failed || !out)
    return Error{Fault::Internal, "cannot write " + file.string() + "; is there room on the disk?"};
  return {};
}

/// What an earlier export left must be our own past.
Result<void> respect(Database& database, const fs::path& folder) {
  const Result<std::string> kept = real_files().read(folder / "checkpoint");
  if (!kept && kept.error().kind() == Fault::NotFound) return {};
  if (!kept) return kept.error();
  const Result<Checkpoint> before =
      checkpoint_from_text(std::string_view(*kept).substr(0, kept->find("\n\n") + 1));
  const Result<Hash> ours = before ? ledger::root_at(database, before->size) : before.error();
  if (ours && *ours == before->root) return {};
  return Error{Fault::Conflict, folder.string() +
                                    " keeps another past than this ledger has; keep that folder as "
                                    "it is and export into an empty one"};
}

}  // namespace

Result<SignedCheckpoint> export_ledger(Database& database, const VerifierKey& key,
                                       const fs::path& folder) {
  Result<SignedCheckpoint> head = ledger::last_checkpoint(database);
  if (!head) return head;
  if (head->size == 0) return Error{Fault::NotFound, "the ledger is still empty"};
  if (auto respected = respect(database, folder); !respected) return respected.error();
  for (const tlog::Tile& tile : tlog::tiles_of(head->size)) {
    const Result<std::string> bytes = ledger::file(database, tile);
    if (!bytes) return bytes.error();
    if (auto written = write(folder / tlog::path_of(tile), *bytes); !written)
      return written.error();
  }
  if (auto written = write(folder / "vkey", key.vkey() + "\n"); !written) return written.error();
  if (auto written = write_atomically(real_files(), folder / "checkpoint", head->note); !written)
    return written.error();
  return head;
}

}  // namespace jieding::sync
