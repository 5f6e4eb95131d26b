#include "sync/evidence_store.hpp"

#include <utility>

#include "gateway/runtime/log.hpp"
#include "sync/hash.hpp"
#include "sync/outbox.hpp"

namespace jieding::sync {
namespace {

constexpr std::string_view document_kind = "document";

}  // namespace

EvidenceStore::EvidenceStore(FileSystem& files, std::filesystem::path folder)
    : files_(files), folder_(std::move(folder)) {}

std::filesystem::path EvidenceStore::file_of(const std::string& sha256,
                                             std::string_view kind) const {
  return folder_ / sha256.substr(0, 2) / (sha256 + (kind == document_kind ? ".document" : ".jpg"));
}

Result<std::string> EvidenceStore::keep(std::string_view jpeg) {
  return keep_as(jpeg, "masked");
}

Result<std::string> EvidenceStore::keep_document(std::string_view bytes) {
  return keep_as(bytes, document_kind);
}

Result<std::string> EvidenceStore::keep_as(std::string_view bytes, std::string_view kind) {
  const std::string sha256 = sha256_hex(bytes);
  const std::filesystem::path file = file_of(sha256, kind);
  // A folder's own entry must be durable before anything in it counts. One that is there already
  // may be there only in the cache (made by a frame that failed half-way), so what this run has not
  // synced itself is synced.
  for (const std::filesystem::path& folder : {folder_, file.parent_path()}) {
    if (synced_folders_.count(folder.string()) != 0) continue;
    if (auto made = files_.create_directory(folder); !made) return made.error();
    if (auto synced = files_.sync_directory(folder.parent_path()); !synced) return synced.error();
    synced_folders_.insert(folder.string());
  }
  if (auto written = write_atomically(files_, file, bytes); !written) return written.error();
  return sha256;
}

Result<bool> EvidenceStore::record(Database& database, const EvidenceRow& row) {
  Result<void> inserted = database.run(
      "insert into evidence (sha256, kind, camera, building, at, bytes) values (?, ?, ?, ?, ?, ?)"
      " on conflict do nothing",
      row.sha256, row.kind, row.camera, row.building, row.at.time_since_epoch().count(), row.bytes);
  if (!inserted) return inserted.error();
  if (database.changes() == 0) return false;
  // A document may show people and names: the platform gets its hash in the event, no bytes. A
  // photo goes when a finding names it.
  const bool of_camera = row.kind != document_kind && row.kind != photo_kind;
  if (of_camera) inserted = outbox::put_evidence(database, row.sha256);
  if (!inserted) return inserted.error();
  return true;
}

Result<std::optional<std::string>> EvidenceStore::kind_of(Database& database,
                                                          const std::string& sha256) {
  Statement query = database.prepare("select kind from evidence where sha256 = ?", sha256);
  std::optional<std::string> kind;
  if (query.next()) kind = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  return kind;
}

Result<Instant> EvidenceStore::taken(Database& database, const std::string& sha256) {
  Statement query = database.prepare("select at from evidence where sha256 = ? and kind <> ?",
                                     sha256, document_kind);
  const bool found = query.next();
  const Instant at = found ? Instant(std::chrono::milliseconds(query.integer(0))) : Instant{};
  if (auto done = query.done(); !done) return done.error();
  if (!found) return Error{Fault::NotFound, "no picture of this name"};
  return at;
}

Result<void> EvidenceStore::must_hold(Database& database, const std::string& document_sha256) {
  if (document_sha256.empty()) return {};
  const auto kind = kind_of(database, document_sha256);
  if (!kind) return kind.error();
  if (*kind) return {};
  return Error{Fault::Conflict,
               "its document is not here; PUT it to /api/v1/documents/SHA256 first"};
}

Result<std::int64_t> EvidenceStore::unused_documents(Database& database,
                                                     const std::string& device) {
  return database.integer(
      "select count(*) from evidence where kind = ? and camera = ? and sha256 not in"
      " (select document_sha256 from statement union select document_sha256 from household_count)",
      0, document_kind, device);
}

Result<std::int64_t> EvidenceStore::forget_unnamed_photos(Database& database, const std::string& by,
                                                          Instant oldest) {
  if (auto forgotten = database.run(
          "delete from evidence where kind = ? and camera = ? and at < ? and sha256 not in"
          " (select sha256 from finding_photo)",
          photo_kind, by, oldest.time_since_epoch().count());
      !forgotten)
    return forgotten.error();
  return database.integer(
      "select count(*) from evidence where kind = ? and camera = ? and sha256 not in"
      " (select sha256 from finding_photo)",
      0, photo_kind, by);
}

Result<std::string> EvidenceStore::read(Database& database, const std::string& sha256) {
  const Result<std::optional<std::string>> kind = kind_of(database, sha256);
  if (!kind) return kind.error();
  if (!*kind) return Error{Fault::NotFound, "no evidence of this name"};
  const std::filesystem::path file = file_of(sha256, **kind);
  Result<std::string> bytes = files_.read(file);
  if (!bytes) return Error{Fault::Internal, bytes.error().text()};
  if (sha256_hex(*bytes) != sha256)
    return Error{Fault::Internal, file.string() + " was changed: its hash is another"};
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
      const Result<std::optional<std::string>> kind = kind_of(database, sha256);
      if (!kind) return kind.error();
      if (*kind && name == file_of(sha256, **kind).filename()) continue;
      if (auto removed = files_.remove(folder_ / folder / name); !removed) return removed.error();
      ++swept;
    }
  }
  if (swept > 0)
    log::info("evidence", std::to_string(swept) + " files without a record were deleted");
  return swept;
}

}  // namespace jieding::sync
