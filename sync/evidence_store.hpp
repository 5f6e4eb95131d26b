#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"
#include "sync/database.hpp"
#include "sync/file_system.hpp"

namespace jieding::sync {

/// A masked photo that a person brought for a finding.
inline constexpr std::string_view photo_kind = "photo";

/// What a stored file is.
struct EvidenceRow {
  std::string sha256;
  std::string kind;      ///< `masked`, `overlay`, `document` or `photo`
  std::string camera;    ///< of a document: the device that handed it in; of a photo: the person
  std::string building;  ///< overlays only
  Instant at;            ///< when the picture was taken
  std::int64_t bytes = 0;
};

/// Masked pictures in `evidence/aa/<sha256>.jpg`, documents in `evidence/aa/<sha256>.document`, all
/// named by their content. Lives on journal: a file
/// is durable before the transaction that names it, in one order of durable steps and behind one
/// bounded queue; two fsyncs per picture at the pace of cameras do not deserve a third thread.
class EvidenceStore {
 public:
  EvidenceStore(FileSystem& files, std::filesystem::path folder);

  /// Makes the bytes durable and returns their SHA-256. Call outside the transaction.
  Result<std::string> keep(std::string_view jpeg);
  Result<std::string> keep_document(std::string_view bytes);
  /// Names a kept file, in the caller's transaction. A camera's picture goes into the evidence lane
  /// as well.
  /// True: it was not known before.
  Result<bool> record(Database& database, const EvidenceRow& row);
  /// What is recorded of a file; none: nothing.
  Result<std::optional<std::string>> kind_of(Database& database, const std::string& sha256);
  /// When a picture was taken. NotFound: there is none of this name.
  Result<Instant> taken(Database& database, const std::string& sha256);
  /// Conflict: the document is not kept here. An empty name asks for none.
  Result<void> must_hold(Database& database, const std::string& document_sha256);
  /// Documents of a device that no event names.
  Result<std::int64_t> unused_documents(Database& database, const std::string& device);
  /// Photos of a person that no finding names: those from before `oldest` are forgotten, their
  /// files go at the next start. How many are left.
  Result<std::int64_t> forget_unnamed_photos(Database& database, const std::string& by,
                                             Instant oldest);
  /// Bytes by hash, checked again. NotFound: no row names it; Internal: missing or changed on disk.
  Result<std::string> read(Database& database, const std::string& sha256);
  /// Deletes files that no row names (power went between file and commit); returns how many.
  Result<std::size_t> sweep(Database& database);

 private:
  std::filesystem::path file_of(const std::string& sha256, std::string_view kind) const;
  Result<std::string> keep_as(std::string_view bytes, std::string_view kind);
  FileSystem& files_;
  std::filesystem::path folder_;
  std::set<std::string> synced_folders_;  ///< made durable by this process
};

}  // namespace jieding::sync
