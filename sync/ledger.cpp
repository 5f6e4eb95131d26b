#include "sync/ledger.hpp"

#include <utility>

#include "sync/canonical_json.hpp"
#include "sync/tlog_tiles.hpp"

namespace jieding::sync {

Ledger::Ledger(std::string site, std::string gateway, Signer signer)
    : site_(std::move(site)), gateway_(std::move(gateway)), signer_(std::move(signer)) {}

Result<void> Ledger::load(Database& database) {
  const Result<std::uint64_t> size = ledger::size(database);
  if (!size) return size.error();
  std::vector<Hash> hashes;
  for (const merkle::Node& place : merkle::Frontier::positions(*size)) {
    const Result<Hash> hash = ledger::node(database, place.level, place.index);
    if (!hash) return hash.error();
    hashes.push_back(*hash);
  }
  frontier_ = merkle::Frontier(*size, std::move(hashes));
  durable_ = frontier_;
  Result<SignedCheckpoint> last = ledger::last_checkpoint(database);
  if (!last) return last.error();
  if (*size > 0 && (last->size != *size || last->root != frontier_.root()))
    return Error{Fault::Internal, "the ledger contradicts its last checkpoint; restore a backup"};
  if (*size == 0) last = sign(frontier_);
  if (!last) return last.error();
  const std::lock_guard lock(mutex_);
  published_ = std::move(*last);
  return {};
}

Result<void> Ledger::look(Database& database) {
  Result<SignedCheckpoint> last = ledger::last_checkpoint(database);
  if (!last) return last.error();
  const std::lock_guard lock(mutex_);
  published_ = std::move(*last);
  return {};
}

Result<std::uint64_t> Ledger::append(Database& database, const EventDraft& draft) {
  const std::uint64_t index = frontier_.size();
  boost::json::object leaf;
  leaf["v"] = 1;
  leaf["id"] = gateway_ + "/" + std::to_string(index);
  leaf["index"] = index;
  leaf["type"] = draft.type;
  leaf["site"] = site_;
  leaf["gateway"] = gateway_;
  leaf["at"] = to_rfc3339(draft.at.at);
  leaf["clock"] = to_text(draft.at.quality);
  leaf["data"] = draft.data;
  const Result<std::string> text = canonical_json(leaf);
  if (!text) return text.error();
  if (text->size() > tlog::most_entry_bytes)
    return Error{Fault::TooMuch, "an event of " + std::to_string(text->size()) +
                                     " bytes is more than a leaf of the ledger holds (65535)"};

  Result<void> stored = database.run("insert into event (idx, leaf) values (?, ?)", index, *text);
  frontier_.append(merkle::leaf_hash(*text), [&](const merkle::Node& node) {
    if (!stored) return;
    stored = database.run("insert into node (level, idx, hash) values (?, ?, ?)", node.level,
                          node.index, Blob{bytes_of(node.hash)});
  });
  if (!stored) return stored.error();  // the journal takes the frontier back
  return index;
}

SignedCheckpoint Ledger::checkpoint() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

void Ledger::writer_begins() {
  at_writer_ = frontier_;
}
void Ledger::writer_undone() {
  frontier_ = at_writer_;
}

Result<void> Ledger::before_commit(Database& database) {
  if (frontier_.size() == durable_.size()) return {};
  Result<SignedCheckpoint> head = sign(frontier_);
  if (!head) return head.error();
  Result<void> stored = database.run("insert into checkpoint (size, root, note) values (?, ?, ?)",
                                     head->size, Blob{bytes_of(head->root)}, head->note);
  if (stored) signed_ = std::move(*head);
  return stored;
}

void Ledger::committed() {
  if (!signed_) return;
  durable_ = frontier_;
  const std::lock_guard lock(mutex_);
  published_ = std::move(*signed_);
  signed_.reset();
}

void Ledger::group_undone() {
  frontier_ = durable_;
  signed_.reset();
}

Result<SignedCheckpoint> Ledger::sign(const merkle::Frontier& frontier) const {
  SignedCheckpoint head{frontier.size(), frontier.root(), {}};
  Result<std::string> note =
      signer_.sign(to_text(Checkpoint{signer_.name(), head.size, head.root}));
  if (!note) return note.error();
  head.note = std::move(*note);
  return head;
}

namespace ledger {
namespace {

merkle::NodeReader reader_of(Database& database) {
  return [&database](unsigned level, std::uint64_t index) { return node(database, level, index); };
}

Result<void> within(Database& database, std::uint64_t size) {
  const Result<std::uint64_t> have = ledger::size(database);
  if (!have) return have.error();
  if (size > *have) return Error{Fault::NotFound, "the ledger is shorter than that"};
  return {};
}

}  // namespace

Result<std::uint64_t> size(Database& database) {
  const Result<std::int64_t> last = database.integer("select max(idx) from event", -1);
  if (!last) return last.error();
  return static_cast<std::uint64_t>(*last + 1);
}

Result<Hash> node(Database& database, unsigned level, std::uint64_t index) {
  Statement query =
      database.prepare("select hash from node where level = ? and idx = ?", level, index);
  const std::optional<Hash> hash =
      query.next() ? hash_from_bytes(query.view(0)) : std::optional<Hash>();
  if (auto done = query.done(); !done) return done.error();
  if (!hash)
    return Error{Fault::Internal,
                 "the ledger lacks node " + std::to_string(level) + "/" + std::to_string(index)};
  return *hash;
}

Result<std::string> leaf(Database& database, std::uint64_t index) {
  Statement query = database.prepare("select leaf from event where idx = ?", index);
  const bool found = query.next();
  std::string text = found ? query.text(0) : "";
  if (auto done = query.done(); !done) return done.error();
  if (!found) return Error{Fault::NotFound, "the ledger has no event " + std::to_string(index)};
  return text;
}

Result<std::vector<std::string>> leaves(Database& database, std::uint64_t from, std::size_t count) {
  std::vector<std::string> found;
  Statement query =
      database.prepare("select leaf from event where idx >= ? order by idx limit ?", from, count);
  while (query.next())
    found.push_back(query.text(0));
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<Hash> root_at(Database& database, std::uint64_t size) {
  if (auto there = within(database, size); !there) return there.error();
  return merkle::root_at(size, reader_of(database));
}

Result<std::vector<Hash>> inclusion_proof(Database& database, std::uint64_t index,
                                          std::uint64_t size) {
  if (auto there = within(database, size); !there) return there.error();
  return merkle::inclusion_proof(index, size, reader_of(database));
}

Result<std::vector<Hash>> consistency_proof(Database& database, std::uint64_t older,
                                            std::uint64_t newer) {
  if (auto there = within(database, newer); !there) return there.error();
  return merkle::consistency_proof(older, newer, reader_of(database));
}

Result<SignedCheckpoint> last_checkpoint(Database& database) {
  Statement query =
      database.prepare("select size, root, note from checkpoint order by size desc limit 1");
  SignedCheckpoint last{0, merkle::empty_root(), {}};
  if (query.next()) {
    last.size = static_cast<std::uint64_t>(query.integer(0));
    last.root = hash_from_bytes(query.view(1)).value_or(Hash{});
    last.note = query.text(2);
  }
  if (auto done = query.done(); !done) return done.error();
  return last;
}

}  // namespace ledger
}  // namespace jieding::sync
