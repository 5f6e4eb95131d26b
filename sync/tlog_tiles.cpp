#include "sync/tlog_tiles.hpp"

#include <algorithm>
#include <charconv>

namespace jieding::sync::tlog {
namespace {

constexpr std::string_view root = "tile/";
constexpr std::string_view entries_level = "entries/";
constexpr std::size_t most_path = 64;  // longer than any that a 64-bit index makes

/// A decimal without leading zeroes.
template <class Number>
std::optional<Number> decimal(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (read.ec != std::errc() || read.ptr != end || leading_zero) return std::nullopt;
  return number;
}

std::string three_digits(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(3 - digits.size(), '0') + digits;
}

/// `x001/x234/067`: three digits a step, all but the last with an x.
std::string index_path(std::uint64_t index) {
  std::string path = three_digits(index % 1000);
  for (std::uint64_t rest = index / 1000; rest > 0; rest /= 1000)
    path = "x" + three_digits(rest % 1000) + "/" + path;
  return path;
}

std::optional<std::uint64_t> index_from_path(std::string_view path) {
  std::uint64_t index = 0;
  std::string digits;
  for (const char c : path)
    if (c >= '0' && c <= '9') digits += c;
  const char* const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, index).ec != std::errc()) return std::nullopt;
  if (index_path(index) != path) return std::nullopt;
  return index;
}

}  // namespace

std::string path_of(const Tile& tile) {
  std::string path(root);
  path += tile.entries ? std::string(entries_level) : std::to_string(tile.level) + "/";
  path += index_path(tile.index);
  if (tile.width < tile_width) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<Tile> tile_from_path(std::string_view path) {
  if (path.size() > most_path || !path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  Tile tile;
  if (path.starts_with(entries_level)) {
    tile.entries = true;
    path.remove_prefix(entries_level.size());
  } else {
    const std::size_t slash = path.find('/');
    if (slash == path.npos) return std::nullopt;
    const auto level = decimal<unsigned>(path.substr(0, slash));
    if (!level || *level > most_level) return std::nullopt;
    tile.level = *level;
    path.remove_prefix(slash + 1);
  }
  const std::size_t partial = path.find(".p/");
  if (partial != path.npos) {
    const auto width = decimal<unsigned>(path.substr(partial + 3));
    if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
    tile.width = *width;
    path = path.substr(0, partial);
  }
  const auto index = index_from_path(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  return tile;
}

unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t index) {
  const std::uint64_t hashes = size >> (tile_height * level);
  if (index > hashes / tile_width) return 0;
  return static_cast<unsigned>(
      std::min<std::uint64_t>(hashes - index * tile_width, std::uint64_t{tile_width}));
}

std::vector<Tile> tiles_of(std::uint64_t size) {
  std::vector<Tile> tiles;
  const auto add_level = [&](bool entries, unsigned level) {
    for (std::uint64_t index = 0;; ++index) {
      const unsigned width = width_in(size, level, index);
      if (width > 0) tiles.push_back({entries, level, index, width});
      if (width < tile_width) break;
    }
  };
  add_level(true, 0);
  for (unsigned level = 0; level <= most_level && (size >> (tile_height * level)) > 0; ++level)
    add_level(false, level);
  return tiles;
}

std::uint64_t first_leaf(const Tile& tile) {
  return tile.index == 0 ? 0 : tile.index << (tile_height * (tile.level + 1));
}

void append_entry(std::string& bundle, std::string_view entry) {
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 0xff);
  bundle += entry;
}

Entries entries_of(std::string_view bundle) {
  Entries found;
  while (!bundle.empty() && found.entries.size() < tile_width && found.whole) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bundle[at]); };
    const std::size_t length =
        bundle.size() < 2 ? bundle.size() : std::size_t{byte(0)} << 8 | byte(1);
    if (bundle.size() < 2 || bundle.size() - 2 < length) {
      found.whole = false;
      break;
    }
    found.entries.push_back(bundle.substr(2, length));
    bundle.remove_prefix(2 + length);
  }
  found.whole = found.whole && bundle.empty();
  return found;
}

}  // namespace jieding::sync::tlog
