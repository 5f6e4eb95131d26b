#include "sync/ledger_tiles.hpp"

#include "sync/ledger.hpp"

namespace jieding::sync::ledger {
namespace {

Statement rows_of(Database& database, const tlog::Tile& tile) {
  const std::uint64_t from = tile.index * tlog::tile_width;
  const std::uint64_t until = from + tile.width;
  if (tile.entries)
    return database.prepare("select idx, leaf from event where idx >= ? and idx < ? order by idx",
                            from, until);
  return database.prepare(
      "select idx, hash from node where level = ? and idx >= ? and idx < ? order by idx",
      tile.level * tlog::tile_height, from, until);
}

}  // namespace

Result<std::string> file(Database& database, const tlog::Tile& tile) {
  const Result<std::uint64_t> have = size(database);
  if (!have) return have.error();
  if (tile.width > tlog::width_in(*have, tile.level, tile.index))
    return Error{Fault::NotFound, "the ledger has no " + tlog::path_of(tile) + " yet"};
  std::string bytes;
  std::uint64_t next = tile.index * tlog::tile_width;
  Statement rows = rows_of(database, tile);
  for (; rows.next(); ++next) {
    if (static_cast<std::uint64_t>(rows.integer(0)) != next) break;
    if (tile.entries) {
      tlog::append_entry(bytes, rows.view(1));
    } else {
      bytes += rows.view(1);
    }
  }
  if (auto done = rows.done(); !done) return done.error();
  if (next != tile.index * tlog::tile_width + tile.width)
    return Error{Fault::Internal,
                 "the ledger lacks row " + std::to_string(next) + " of " + tlog::path_of(tile)};
  return bytes;
}

}  // namespace jieding::sync::ledger
