#include "sync/ledger_check.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sync/ledger.hpp"
#include "sync/merkle.hpp"
#include "sync/signed_note.hpp"

namespace jieding::sync::ledger {
namespace {

Error altered(std::uint64_t leaf, const std::string& what) {
  return {Fault::Internal, "leaf " + std::to_string(leaf) + " of the ledger " + what};
}

/// The stored hashes, read level by level in step with the tree that grows over the leaves.
class StoredNodes {
 public:
  explicit StoredNodes(Database& database) : database_(database) {}

  /// Whether the next stored hash of this level is this one.
  Result<bool> holds(const merkle::Node& node) {
    while (levels_.size() <= node.level) {
      levels_.push_back(database_.prepare("select idx, hash from node where level = ? order by idx",
                                          levels_.size()));
    }
    Statement& level = levels_[node.level];
    const bool there = level.next();
    if (auto done = level.done(); !done) return done.error();
    return there && static_cast<std::uint64_t>(level.integer(0)) == node.index &&
           hash_from_bytes(level.view(1)) == node.hash;
  }

 private:
  Database& database_;
  std::deque<Statement> levels_;
};

/// The stored checkpoints, one after the other as the tree reaches their sizes.
class StoredCheckpoints {
 public:
  explicit StoredCheckpoints(Database& database)
      : query_(database.prepare("select size, root from checkpoint order by size")) {
    step();
  }
  Result<void> hold(const merkle::Frontier& frontier) {
    if (!next_ || next_->size != frontier.size()) return query_.done();
    if (next_->root != frontier.root())
      return altered(sound_, "or one after it, up to " + std::to_string(frontier.size() - 1) +
                                 ", is not the one that was signed");
    sound_ = frontier.size();
    step();
    return {};
  }

 private:
  struct Head {
    std::uint64_t size;
    std::optional<Hash> root;
  };
  void step() {
    next_.reset();
    if (query_.next())
      next_ = Head{static_cast<std::uint64_t>(query_.integer(0)), hash_from_bytes(query_.view(1))};
  }
  Statement query_;
  std::optional<Head> next_;
  std::uint64_t sound_ = 0;  ///< leaves below are as a checkpoint says
};

Result<void> check_signature(const SignedCheckpoint& last, const VerifierKey& key) {
  const Result<std::string> text = open_note(last.note, key);
  if (!text) return text.error().in("the last checkpoint of the ledger");
  const Result<Checkpoint> said = checkpoint_from_text(*text);
  if (!said || said->origin != key.name || said->size != last.size || said->root != last.root)
    return Error{Fault::Internal, "the last checkpoint of the ledger is not what was signed"};
  return {};
}

}  // namespace

Result<void> check(Database& database, const VerifierKey* key) {
  const Result<SignedCheckpoint> last = last_checkpoint(database);
  if (!last) return last.error();
  merkle::Frontier frontier;
  StoredNodes nodes(database);
  StoredCheckpoints checkpoints(database);
  std::vector<merkle::Node> made;
  Statement query = database.prepare("select idx, leaf from event order by idx");
  while (query.next()) {
    const std::uint64_t index = frontier.size();
    if (static_cast<std::uint64_t>(query.integer(0)) != index) return altered(index, "is missing");
    made.clear();
    frontier.append(merkle::leaf_hash(query.view(1)),
                    [&](const merkle::Node& node) { made.push_back(node); });
    for (const merkle::Node& node : made) {
      const Result<bool> holds = nodes.holds(node);
      if (!holds) return holds.error();
      if (!*holds)
        return altered(node.index << node.level,
                       node.level == 0 ? "is not the one that was signed, or its hash is not"
                                       : "and those up to " + std::to_string(index) +
                                             " have another hash than was signed");
    }
    if (auto held = checkpoints.hold(frontier); !held) return held;
  }
  if (auto done = query.done(); !done) return done.error();
  if (frontier.size() < last->size) return altered(frontier.size(), "is missing");
  if (frontier.size() > last->size) return altered(last->size, "was never signed");
  return key != nullptr && last->size > 0 ? check_signature(*last, *key) : Result<void>();
}

}  // namespace jieding::sync::ledger
