#pragma once
// The files of a tiled transparency log (C2SP tlog-tiles): names, widths, entry bundles. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::sync::tlog {

inline constexpr unsigned tile_width = 256;              ///< hashes, or entries, of a full one
inline constexpr unsigned tile_height = 8;               ///< levels of the tree in one tile
inline constexpr unsigned most_level = 7;                ///< beyond, 64-bit sizes have no tile
inline constexpr std::size_t hash_bytes = 32;            ///< SHA-256
inline constexpr std::size_t most_entry_bytes = 0xffff;  ///< a bundle says lengths in two bytes

/// One file: hashes of a level, or the entries below those of level 0.
struct Tile {
  bool entries = false;
  unsigned level = 0;  ///< 0 for entries
  std::uint64_t index = 0;
  unsigned width = tile_width;  ///< less: a partial one
  friend bool operator==(const Tile&, const Tile&) = default;
};

/// `tile/0/x001/x234/067.p/12`, `tile/entries/000`.
std::string path_of(const Tile& tile);
/// Only the one right spelling. Nothing: it names no tile.
std::optional<Tile> tile_from_path(std::string_view path);

/// How wide the tile is in a tree of this size; 0: it has none.
unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t index);
/// Every tile and bundle of a tree of this size, bundles first, each once.
std::vector<Tile> tiles_of(std::uint64_t size);
/// The first leaf below a tile.
std::uint64_t first_leaf(const Tile& tile);

/// Adds an entry, of at most most_entry_bytes, to a bundle.
void append_entry(std::string& bundle, std::string_view entry);
/// The entries of a bundle, borrowed. What follows a torn entry, or is beyond a full bundle, is
/// left out and `whole` false.
struct Entries {
  std::vector<std::string_view> entries;
  bool whole = true;
};
Entries entries_of(std::string_view bundle);

}  // namespace jieding::sync::tlog
