#include "sync/evidence_store.hpp"

#include <utility>

#include "gateway/runtime/log.hpp"
#include "sync/hash.hpp"
#include "sync/outbox.hpp"

namespace jieding::sync {

EvidenceStore::EvidenceStore(FileSystem& files, std::filesystem::path folder)
    : files_(files), folder_(std::move(folder)) {}

std::filesystem::path EvidenceStore::file_of(const std::string& sha256) const {
  return folder_ / sha256.substr(0, 2) / (sha256 + ".jpg");
}

Result<std::string> EvidenceStore::keep(std::string_view jpeg) {
  const std::string sha256 = sha256_hex(jpeg);
  const std::filesystem::path file = file_of(sha256);
  // A folder's own entry must be durable before anything in it counts. One that is there already
  // may be there only in the cache (made by a frame that failed half-way), so what this run has not
  // synced itself is synced.
  for (const std::filesystem::path& folder : {folder_, file.parent_path()}) {
    if (synced_folders_.count(folder.string()) != 0) continue;
    if (auto made = files_.create_directory(folder); !made) return made.error();
    if (auto synced = files_.sync_directory(folder.parent_path()); !synced) return synced.error();
    synced_folders_.insert(folder.string());
  }
  if (auto written = write_atomically(files_, file, jpeg); !written) return written.error();
  return sha256;
}

Result<void> EvidenceStore::record(Database& database, const EvidenceRow& row) {
  Result<void> inserted = database.run(
      "insert into evidence (sha256, kind, camera, building, at, bytes) values (?, ?, ?, ?, ?, ?)"
      " on conflict do nothing",
      row.sha256, row.kind, row.camera, row.building, row.at.time_since_epoch().count(), row.bytes);
  if (!inserted || database.changes() == 0) return inserted;  // the same picture again
  return outbox::put_evidence(database, row.sha256);
}

Result<std::string> EvidenceStore::read(Database& database, const std::string& sha256) {
  const Result<std::int64_t> named =
      database.integer("select 1 from evidence where sha256 = ?", 0, sha256);
  if (!named) return named.error();
  if (*named == 0) return Error{Fault::NotFound, "no evidence of this name"};
  Result<std::string> bytes = files_.read(file_of(sha256));
  if (!bytes) return Error{Fault::Internal, bytes.error().text()};
  if (sha256_hex(*bytes) != sha256)
    return Error{Fault::Internal, file_of(sha256).string() + " was changed: its hash is another"};
  return bytes;
}

Result<std::size_t> EvidenceStore::sweep(Database& database) {
  std::size_t swept = 0;
  const Result<std::vector<std::string>> folders = files_.list(folder_);
  if (!folders) return folders.error();
  for (const std::string& folder : *folders) {
    const Result<std::vector<std::string>> names = files_.list(folder_ / folder);
    if (!names) continue;  // a stray file, not ours
    for (const std::string& name : *names) {
      const std::string sha256 = name.substr(0, name.find('.'));
      const bool whole = name == sha256 + ".jpg";
      const Result<std::int64_t> named =
          database.integer("select 1 from evidence where sha256 = ?", 0, sha256);
      if (!named) return named.error();
      if (whole && *named == 1) continue;
      if (auto removed = files_.remove(folder_ / folder / name); !removed) return removed.error();
      ++swept;
    }
  }
  if (swept > 0)
    log::info("evidence", std::to_string(swept) + " files without a record were deleted");
  return swept;
}

}  // namespace jieding::sync
