#include "sync/ledger_audit.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>

#include "sync/file_system.hpp"
#include "sync/merkle.hpp"
#include "sync/tlog_tiles.hpp"

namespace jieding::sync {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uintmax_t most_bundle_bytes = tlog::tile_width * (2 + tlog::most_entry_bytes);

Error wrong_leaf(std::uint64_t index, const std::string& what) {
  return {Fault::Conflict, "leaf " + std::to_string(index) + " " + what};
}

Result<std::string> read_bounded(const fs::path& file, std::uintmax_t most) {
  std::error_code failed;
  const auto bytes = fs::file_size(file, failed);
  if (failed) return Error{Fault::NotFound, file.string() + " is missing"};
  if (bytes > most) return Error{Fault::TooMuch, file.string() + " is longer than it can be"};
  return real_files().read(file);
}

/// A tile of the folder; where it is not there any more, the beginning of the full one.
Result<std::string> read_tile(const fs::path& folder, tlog::Tile tile, std::uintmax_t most) {
  Result<std::string> bytes = read_bounded(folder / tlog::path_of(tile), most);
  if (bytes || bytes.error().kind() != Fault::NotFound || tile.width == tlog::tile_width)
    return bytes;
  tile.width = tlog::tile_width;
  const Result<std::string> full = read_bounded(folder / tlog::path_of(tile), most);
  return full ? full : bytes;
}

/// The hashes of the folder's tiles, one tile of each level at a time.
class Tiles {
 public:
  Tiles(const fs::path& folder, std::uint64_t size) : folder_(folder), size_(size) {}

  /// Whether the folder has this hash at its place; levels between tiles have none.
  Result<bool> holds(const merkle::Node& node) {
    if (node.level % tlog::tile_height != 0) return true;
    const unsigned level = node.level / tlog::tile_height;
    const std::uint64_t index = node.index / tlog::tile_width;
    Loaded& loaded = levels_[level];
    if (!loaded.there || loaded.index != index) {
      const tlog::Tile tile{false, level, index, tlog::width_in(size_, level, index)};
      auto bytes = read_tile(folder_, tile, tlog::tile_width * tlog::hash_bytes);
      if (!bytes) return bytes.error();
      loaded = {true, index, std::move(*bytes)};
      if (loaded.bytes.size() % tlog::hash_bytes != 0) loaded.bytes.clear();
    }
    const std::size_t at = (node.index % tlog::tile_width) * tlog::hash_bytes;
    return loaded.bytes.size() >= at + tlog::hash_bytes &&
           std::string_view(loaded.bytes).substr(at, tlog::hash_bytes) == bytes_of(node.hash);
  }

 private:
  struct Loaded {
    bool there = false;
    std::uint64_t index = 0;
    std::string bytes;
  };
  const fs::path& folder_;
  std::uint64_t size_;
  std::map<unsigned, Loaded> levels_;
};

/// A leaf as our ledger writes it: it names its own place.
Result<json::object> parse_leaf(std::string_view text, std::uint64_t index,
                                const std::string& origin) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return wrong_leaf(index, "is not JSON");
  const json::object& leaf = value.get_object();
  const auto is = [&](std::string_view name, const json::value& wanted) {
    const json::value* found = leaf.if_contains(name);
    return found != nullptr && *found == wanted;
  };
  const auto text_at = [&](std::string_view name) {
    const json::value* found = leaf.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
  };
  if (!is("index", index)) return wrong_leaf(index, "says that it stands elsewhere");
  if ("jieding/" + text_at("site") + "/" + text_at("gateway") != origin)
    return wrong_leaf(index, "is of another box");
  return std::move(value.get_object());
}

/// Leaves and tiles of one folder, walked once.
class Walk {
 public:
  Walk(const fs::path& folder, const Checkpoint& checkpoint, const std::optional<Checkpoint>& older)
      : folder_(folder), checkpoint_(checkpoint), older_(older), tiles_(folder, checkpoint.size) {}

  Result<void> run() {
    for (std::uint64_t bundle = 0; frontier_.size() < checkpoint_.size; ++bundle)
      if (auto read = take_bundle(bundle); !read) return read;
    note_older();
    if (tile_fault_) return *tile_fault_;
    if (frontier_.root() != checkpoint_.root)
      return Error{Fault::Conflict,
                   "leaves and tiles agree, but the signed root is another: the "
                   "record was rewritten"};
    return {};
  }
  const std::vector<KeyChange>& changes() const { return changes_; }
  /// The root that these leaves had when there were as many as the older checkpoint has.
  const std::optional<Hash>& older_root() const { return older_root_; }

 private:
  Result<void> take_bundle(std::uint64_t index) {
    const tlog::Tile tile{true, 0, index, tlog::width_in(checkpoint_.size, 0, index)};
    const Result<std::string> bytes = read_tile(folder_, tile, most_bundle_bytes);
    if (!bytes) return wrong_leaf(frontier_.size(), "cannot be read: " + bytes.error().text());
    const tlog::Entries found = tlog::entries_of(*bytes);
    const std::size_t count = std::min<std::size_t>(found.entries.size(), tile.width);
    for (std::size_t i = 0; i < count; ++i)
      if (auto taken = take_leaf(found.entries[i]); !taken) return taken;
    if (count < tile.width) return wrong_leaf(frontier_.size(), "is missing in " + path(tile));
    // The full bundle that took a partial one's place holds later leaves, too.
    const bool its_own = fs::exists(path(tile));
    if (its_own && (found.entries.size() > count || !found.whole))
      return wrong_leaf(frontier_.size(), "in " + path(tile) + " was never signed");
    return {};
  }

  Result<void> take_leaf(std::string_view text) {
    note_older();
    const std::uint64_t index = frontier_.size();
    made_.clear();
    frontier_.append(merkle::leaf_hash(text),
                     [&](const merkle::Node& node) { made_.push_back(node); });
    const Result<bool> holds = tiles_.holds(made_.front());
    if (!holds || !*holds)
      return wrong_leaf(index, "is not what its tile says: " +
                                   (holds ? "one of them was altered" : holds.error().text()));
    const Result<json::object> leaf = parse_leaf(text, index, checkpoint_.origin);
    if (!leaf) return leaf.error();
    if (const auto change = key_change_of(*leaf, index)) changes_.push_back(*change);
    for (std::size_t i = 1; i < made_.size() && !tile_fault_; ++i)
      check_above(made_[i]);
    return {};
  }

  /// Kept until all leaves are seen: a wrong leaf says more.
  void check_above(const merkle::Node& node) {
    const Result<bool> holds = tiles_.holds(node);
    if (!holds)
      tile_fault_ = holds.error();
    else if (!*holds)
      tile_fault_ = Error{Fault::Conflict, "a tile of level " +
                                               std::to_string(node.level / tlog::tile_height) +
                                               " does not fit the leaves from " +
                                               std::to_string(node.index << node.level) + " on"};
  }

  void note_older() {
    if (older_ && frontier_.size() == older_->size) older_root_ = frontier_.root();
  }
  std::string path(const tlog::Tile& tile) const { return (folder_ / path_of(tile)).string(); }

  const fs::path& folder_;
  const Checkpoint& checkpoint_;
  const std::optional<Checkpoint>& older_;
  Tiles tiles_;
  merkle::Frontier frontier_;
  std::vector<merkle::Node> made_;
  std::vector<KeyChange> changes_;
  std::optional<Error> tile_fault_;
  std::optional<Hash> older_root_;
};

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  const Result<std::string> text = open_note(note, key);
  if (!text) return text.error();
  Result<Checkpoint> checkpoint = checkpoint_from_text(*text);
  if (checkpoint && checkpoint->origin != key.name)
    return Error{Fault::Refused, "it is of " + checkpoint->origin + ", the key of " + key.name};
  return checkpoint;
}

/// Every key that the changes name, the newest last; the one that signs now must be the last.
Result<void> check_changes(const std::vector<KeyChange>& changes, const VerifierKey& newest) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (auto sound = check(changes[i]); !sound)
      return wrong_leaf(changes[i].index, "changes the key without right: " + sound.error().text());
    if (i > 0 && !changes[i].lost && changes[i].previous != changes[i - 1].key)
      return wrong_leaf(changes[i].index, "changes a key that was not in force");
  }
  if (!changes.empty() && changes.back().key != newest.vkey())
    return wrong_leaf(changes.back().index, "says that another key signs than the one that does");
  return {};
}

/// From a key that people trust to the one that signs: each step signed by the key before it.
Result<void> follow(const std::string& trusted, const std::vector<KeyChange>& changes,
                    const VerifierKey& newest) {
  if (trusted.empty() || names_key(trusted, newest)) return {};
  const Result<std::string> digits = parse_fingerprint(trusted);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Result<VerifierKey> old = parse_vkey(changes[i].previous);
    const bool named = old ? names_key(trusted, *old)
                           : digits && changes[i].previous.ends_with("+" + digits->substr(0, 8));
    if (!named) continue;
    for (std::size_t step = i; step < changes.size(); ++step)
      if (changes[step].lost)
        return wrong_leaf(changes[step].index,
                          "says that the key you trust was lost; compare the new fingerprint, " +
                              newest.fingerprint() + ", with the notice board and give that one");
    return {};
  }
  return Error{
      Fault::Refused,
      "no key of this ledger has that fingerprint; the one that signs has " + newest.fingerprint()};
}

Result<Checkpoint> open_older(const std::string& note, const std::vector<KeyChange>& changes,
                              const VerifierKey& newest) {
  Result<Checkpoint> opened = open_checkpoint(note, newest);
  for (const KeyChange& change : changes) {
    const Result<VerifierKey> old = parse_vkey(change.previous);
    if (!opened && old) opened = open_checkpoint(note, *old);
  }
  return opened ? opened : opened.error().in("the older checkpoint");
}

/// Before any signature is looked at: what the walk must watch for.
std::optional<Checkpoint> peek(const std::optional<std::string>& note) {
  if (!note) return std::nullopt;
  const std::size_t end = note->find("\n\n");
  if (end == note->npos) return std::nullopt;
  const auto read = checkpoint_from_text(std::string_view(*note).substr(0, end + 1));
  return read ? std::optional<Checkpoint>(*read) : std::nullopt;
}

/// The key that a person means, of those that the folder may name.
Result<VerifierKey> choose_key(const std::string& given, const std::string& folder_vkey) {
  if (const auto whole = parse_vkey(given)) return whole;
  std::string line = folder_vkey.substr(0, folder_vkey.find('\n'));
  Result<VerifierKey> own = parse_vkey(line);
  if (!own) return own.error().in("vkey");
  if (given.empty() || names_key(given, *own)) return own;
  if (auto digits = parse_fingerprint(given); !digits) return digits.error();
  return own;  // perhaps an older key: the changes of keys will tell
}

}  // namespace

Result<Audit> audit(const fs::path& folder, const AuditWishes& wishes) {
  const Result<std::string> note = read_bounded(folder / "checkpoint", most_note_bytes);
  if (!note) return note.error();
  const Result<std::string> stored = read_bounded(folder / "vkey", most_note_bytes);
  Result<VerifierKey> key = choose_key(wishes.key, stored ? *stored : "");
  if (!key && !stored)
    return Error{Fault::NotFound, "there is no vkey in " + folder.string() +
                                      "; give the whole key: --key name+hash+key"};
  if (!key) return key.error();
  Result<Checkpoint> checkpoint = open_checkpoint(*note, *key);
  if (!checkpoint && stored) {  // a whole key was given that is an older one
    const Result<VerifierKey> own = choose_key("", *stored);
    if (own && own->vkey() != key->vkey()) {
      key = own;
      checkpoint = open_checkpoint(*note, *key);
    }
  }
  if (!checkpoint) return checkpoint.error().in((folder / "checkpoint").string());

  const std::optional<Checkpoint> expected = peek(wishes.older);
  Walk walk(folder, *checkpoint, expected);
  if (auto walked = walk.run(); !walked) return walked.error();
  if (auto sound = check_changes(walk.changes(), *key); !sound) return sound.error();
  if (auto led = follow(wishes.key, walk.changes(), *key); !led) return led.error();
  Audit result{*checkpoint, *key, walk.changes(), std::nullopt};
  if (!wishes.older) return result;
  const Result<Checkpoint> older = open_older(*wishes.older, walk.changes(), *key);
  if (!older) return older.error();
  if (older->size > checkpoint->size)
    return Error{Fault::Conflict, "the older checkpoint has " + std::to_string(older->size) +
                                      " leaves, this folder only " +
                                      std::to_string(checkpoint->size) +
                                      ": leaves were taken out, or the two are swapped"};
  if (walk.older_root() != older->root)
    return Error{Fault::Conflict, "the first " + std::to_string(older->size) +
                                      " leaves are not those of the older checkpoint: the record "
                                      "was rewritten with the right key"};
  result.older = *older;
  return result;
}

}  // namespace jieding::sync
