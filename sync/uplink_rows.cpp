#include "sync/uplink_rows.hpp"

#include <algorithm>
#include <utility>

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_pictures_underway = 4;

}  // namespace

void RowsUnderway::hold() {
  hold_ = road_.clock.now() + after_trouble;
}

void RowsUnderway::send(std::int64_t id, Message message) {
  open_.insert(id);
  road_.client.publish(std::move(message), [this, id](bool ok) {
    open_.erase(id);
    if (ok) {
      acknowledged_.insert(id);
    } else {
      refused_ = true;
      hold();
    }
    road_.bell.ring();
  });
}

asio::awaitable<void> RowsUnderway::strike() {
  const std::set<std::int64_t> ids = acknowledged_;
  std::function<Result<bool>(Database&)> work = [ids](Database& db) -> Result<bool> {
    for (const std::int64_t id : ids) {
      if (auto done = outbox::done(db, id); !done) return done.error();
    }
    return true;
  };
  const auto struck =
      co_await road_.store.journal().write<bool>(std::move(work), Importance::Record);
  if (struck) {
    for (const std::int64_t id : ids)
      acknowledged_.erase(id);
  } else {
    road_.complaints.warning("strike out what was sent: " + struck.error().text());
    hold();
  }
}

void StateLane::begin() {
  rows_.begin();
  look_ = true;
}

asio::awaitable<bool> StateLane::step() {
  if (rows_.held()) co_return false;
  if (rows_.take_refused()) look_ = true;
  if (rows_.anything_to_strike()) {
    co_await rows_.strike();
    look_ = true;  // a newer state may have waited for its turn
    co_return true;
  }
  // One state of a building after the other: the broker must keep the newest, not the last to
  // arrive.
  if (!look_ || rows_.count() > 0 || road_.room() == 0) co_return false;
  look_ = false;
  std::function<Result<std::vector<PendingState>>(Database&)> work = [](Database& db) {
    return outbox::states(db);
  };
  const auto states =
      co_await road_.store.journal().read<std::vector<PendingState>>(std::move(work));
  if (!states) {
    road_.complaints.warning("read states: " + states.error().text());
    rows_.hold();
    look_ = true;
    co_return false;
  }
  for (const PendingState& state : *states) {
    rows_.send(state.id, state_message(road_.topics, state.building, state.payload));
  }
  co_return !states->empty();
}

void EvidenceLane::begin() {
  rows_.begin();
  look_ = true;
}

asio::awaitable<bool> EvidenceLane::step() {
  if (rows_.held()) co_return false;
  if (rows_.take_refused()) look_ = true;
  if (rows_.anything_to_strike()) {
    co_await rows_.strike();
    look_ = true;  // the next ones move up
    co_return true;
  }
  const std::size_t room = std::min(most_pictures_underway - rows_.count(), road_.room_for_bulk());
  if (!look_ || room == 0) co_return false;
  look_ = false;
  std::function<Result<std::vector<PendingEvidence>>(Database&)> work = [](Database& db) {
    return outbox::evidence(db, most_pictures_underway);
  };
  const auto waiting =
      co_await road_.store.journal().read<std::vector<PendingEvidence>>(std::move(work));
  if (!waiting) {
    road_.complaints.warning("read evidence: " + waiting.error().text());
    rows_.hold();
    look_ = true;
    co_return false;
  }
  for (const PendingEvidence& row : *waiting) {
    if (!rows_.open(row.id) && rows_.count() < most_pictures_underway) co_await send(row);
  }
  co_return !waiting->empty();
}

/// A picture that is gone from the disk or that the broker would not take must not stop the others:
/// the ledger still names its hash.
asio::awaitable<void> EvidenceLane::send(PendingEvidence row) {
  auto jpeg = co_await road_.store.evidence(row.sha256);
  if (!jpeg) {
    if (jpeg.error().kind() == Fault::Unavailable || jpeg.error().kind() == Fault::TooMuch) {
      rows_.hold();
      look_ = true;
      co_return;
    }
    log::error("uplink", "evidence " + row.sha256 + " cannot be sent: " + jpeg.error().text());
    rows_.give_up(row.id);
    co_return;
  }
  Message message = evidence_message(road_.topics, row.sha256, std::move(*jpeg));
  if (!road_.fits(message)) {
    log::error("uplink", "evidence " + row.sha256 + " is larger than the broker takes, not sent");
    rows_.give_up(row.id);
    co_return;
  }
  rows_.send(row.id, std::move(message));
}

}  // namespace jieding::sync
