#include "sync/firmware_table.hpp"

#include "sync/time_columns.hpp"

namespace jieding::sync::firmware_table {
namespace {

constexpr std::string_view columns =
    "select sha256, version, security_counter, bytes, kept from firmware";

KeptFirmware firmware_from(const Statement& row) {
  KeptFirmware firmware;
  firmware.image.sha256 = row.text(0);
  firmware.image.version = row.text(1);
  if (!row.is_null(2)) firmware.image.security_counter = static_cast<std::uint32_t>(row.integer(2));
  firmware.bytes = row.integer(3);
  firmware.kept = instant(row.integer(4));
  return firmware;
}

/// The oldest beyond `most_kept` that no open rollout wants.
Result<std::vector<std::string>> make_room(Database& database) {
  std::vector<std::string> gone;
  Statement query = database.prepare(
      "select sha256 from firmware where sha256 not in"
      " (select image from rollout where status in ('running', 'stopping'))"
      " order by kept desc, sha256 limit -1 offset ?",
      most_kept);
  while (query.next())
    gone.push_back(query.text(0));
  if (auto done = query.done(); !done) return done.error();
  for (const std::string& sha256 : gone)
    if (auto removed = database.run("delete from firmware where sha256 = ?", sha256); !removed)
      return removed.error();
  return gone;
}

}  // namespace

Result<std::vector<std::string>> keep(Database& database, const KeptFirmware& firmware) {
  const auto& counter = firmware.image.security_counter;
  const auto stored = database.run(
      "insert into firmware (sha256, version, security_counter, bytes, kept)"
      " values (?, ?, ?, ?, ?) on conflict (sha256) do nothing",
      firmware.image.sha256, firmware.image.version, counter ? Value(*counter) : Value(nullptr),
      firmware.bytes, millis(firmware.kept));
  if (!stored) return stored.error();
  return make_room(database);
}

Result<std::optional<KeptFirmware>> find(Database& database, const std::string& sha256) {
  std::optional<KeptFirmware> found;
  Statement query = database.prepare(std::string(columns) + " where sha256 = ?", sha256);
  if (query.next()) found = firmware_from(query);
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::vector<KeptFirmware>> all(Database& database) {
  std::vector<KeptFirmware> found;
  Statement query = database.prepare(std::string(columns) + " order by kept desc, sha256");
  while (query.next())
    found.push_back(firmware_from(query));
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace jieding::sync::firmware_table
