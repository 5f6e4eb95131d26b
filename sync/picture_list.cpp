#include "sync/picture_list.hpp"

#include "sync/evidence_store.hpp"
#include "sync/migrations.hpp"
#include "sync/state_folder.hpp"

namespace jieding::sync {

Result<std::unique_ptr<Database>> open_to_read(const std::filesystem::path& state) {
  const std::filesystem::path file = database_file(state);
  std::error_code code;
  if (!std::filesystem::exists(file, code))
    return Error{Fault::NotFound, "there is no " + file.string() +
                                      "; `jieding run` makes it, storage.state says where"};
  DatabaseOptions options{file, {}, true};
  options.read_only = true;
  auto database = Database::open(options);
  if (!database) return database.error();
  const auto version = (*database)->integer("pragma user_version", 0);
  if (!version) return version.error().in(file.string());
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (*version > known) {
    if (auto accepted = accept_newer(**database, *version); !accepted)
      return accepted.error().in(file.string());
  }
  if (*version < known)
    return Error{Fault::Conflict,
                 file.string() +
                     " is of another version of jieding; start this version's gateway "
                     "once, or use the version that runs there"};
  return database;
}

Result<std::vector<StoredPicture>> masked_pictures(Database& database, const std::string& camera,
                                                   Instant from, Instant until) {
  std::vector<StoredPicture> found;
  Statement query = database.prepare(
      "select at, sha256 from evidence where kind = 'masked' and camera = ? and at >= ? and at < ?"
      " order by at, sha256",
      camera, from.time_since_epoch().count(), until.time_since_epoch().count());
  while (query.next())
    found.push_back({Instant(std::chrono::milliseconds(query.integer(0))), query.text(1)});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::string> read_picture(Database& database, const std::filesystem::path& state,
                                 const std::string& sha256) {
  EvidenceStore store(real_files(), state / "evidence");
  return store.read(database, sha256);
}

}  // namespace jieding::sync
