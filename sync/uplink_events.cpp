#include "sync/uplink_events.hpp"

#include <algorithm>
#include <utility>

#include "sync/conflict_alerts.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_waiting_receipts = 64;
/// How long a receipt waits for those that follow it: some platforms say one for each event.
constexpr std::chrono::milliseconds gathering{20};

}  // namespace

asio::awaitable<Result<void>> EventLane::load() {
  std::function<Result<Receipted>(Database&)> work = [](Database& db) {
    return outbox::receipted(db);
  };
  const Result<Receipted> found = co_await road_.store.journal().read<Receipted>(std::move(work));
  if (!found) co_return found.error();
  receipted_ = next_ = found->size;
  last_receipt_ = found->at;
  co_return Result<void>();
}

void EventLane::begin() {
  next_ = receipted_;
  repeat_ = repeat_end_ = 0;
  in_flight_ = 0;
  gap_ = false;
  hold_ = {};
}

void EventLane::offer(Receipt receipt) {
  // Of receipts that grow, the last says all; one that stands still or falls says something new.
  if (receipts_.empty()) gathered_enough_ = road_.clock.now() + gathering;
  if (!receipts_.empty() && receipts_.back().size < receipt.size) receipts_.pop_back();
  if (receipts_.size() == most_waiting_receipts) return;
  receipts_.push_back(std::move(receipt));
}

void EventLane::repeat_from(std::uint64_t index) {
  if (index >= next_) return;
  repeat_ = repeat_ < repeat_end_ ? std::min(repeat_, index) : index;
  repeat_end_ = next_;
}

/// What is live never waits: only where the ledger goes on beyond the window, and more of what was
/// sent is still to be receipted.
bool EventLane::gathers() const {
  const auto window = static_cast<std::uint64_t>(road_.config.event_window);
  if (receipts_.size() != 1 || receipted_ + window >= road_.store.checkpoint().size) return false;
  const std::uint64_t size = receipts_.front().size;
  return size > receipted_ && size < next_ && size - receipted_ < window / 2 &&
         road_.clock.now() < gathered_enough_;
}

asio::awaitable<bool> EventLane::step() {
  if (!receipts_.empty() && !gathers()) {
    Receipt receipt = std::move(receipts_.front());
    receipts_.pop_front();
    co_await take(std::move(receipt));
    co_return true;
  }
  rewind_if_due();
  const Span span = next_span();
  if (span.count == 0) co_return false;
  std::function<Result<std::vector<PendingEvent>>(Database&)> work = [span](Database& db) {
    return outbox::events(db, span.from, span.count);
  };
  const auto events =
      co_await road_.store.journal().read<std::vector<PendingEvent>>(std::move(work));
  if (!events || events->empty()) {
    if (!events) road_.complaints.warning("read events: " + events.error().text());
    hold_ = road_.clock.now() + after_trouble;
    co_return false;
  }
  for (const PendingEvent& event : *events)
    send(event, span.again);
  co_return true;
}

RuntimeClock::time_point EventLane::deadline() const {
  if (gathers()) return gathered_enough_;
  if (hold_ > road_.clock.now()) return hold_;
  return outstanding() && in_flight_ == 0 ? progress_ + road_.config.receipt_timeout : no_deadline;
}

asio::awaitable<void> EventLane::take(Receipt receipt) {
  const auto root = hash_from_hex(receipt.root);
  if (!root) co_return;
  const Instant at = road_.business_clock.now().at;
  std::function<Result<ReceiptVerdict>(Database&)> work = [size = receipt.size, root = *root,
                                                           at](Database& db) {
    return outbox::receipt(db, size, root, at);
  };
  const auto verdict =
      co_await road_.store.journal().write<ReceiptVerdict>(std::move(work), Importance::Record);
  if (!verdict) {
    road_.complaints.warning("store the platform's receipt: " + verdict.error().text());
    co_return;
  }
  judge(receipt, *verdict);
}

void EventLane::judge(const Receipt& receipt, ReceiptVerdict verdict) {
  const std::string size = std::to_string(receipt.size);
  const Stamp now = road_.business_clock.now();
  const std::string& gateway = road_.topics.gateway();
  if (verdict == ReceiptVerdict::Mismatch || verdict == ReceiptVerdict::Beyond) {
    road_.tell(receipt_conflict(gateway, receipt, verdict, road_.store.checkpoint(), now));
  } else if (conflict_may_stand_) {
    road_.tell(receipt_agrees(gateway, now));
  }
  if (verdict == ReceiptVerdict::Mismatch) {
    raise("the platform's record differs from ours below event " + size + ": its root is " +
          receipt.root);
    return;
  }
  if (verdict == ReceiptVerdict::Beyond) {
    raise("the platform holds " + size +
          " events, more than were ever written here: was an old backup restored?");
    return;
  }
  alarm_.clear();
  last_receipt_ = to_rfc3339(now.at);
  if (verdict == ReceiptVerdict::Gap) {
    gap_ = outstanding();
    return;
  }
  if (verdict == ReceiptVerdict::Older) {
    log::warning("uplink",
                 "the platform went back to event " + size + ", sending again from there");
    gap_ = true;
  } else {
    gap_ = false;
  }
  receipted_ = receipt.size;
  next_ = std::max(next_, receipted_);
  progress_ = road_.clock.now();
}

void EventLane::raise(std::string alarm) {
  alarm_ = std::move(alarm);
  road_.complaints.warning(alarm_);
}

/// Never while messages are open with the broker: what is on its way would be doubled, and a
/// platform that answers each event after a gap would be answered with as many windows.
void EventLane::rewind_if_due() {
  if (!outstanding() || in_flight_ > 0) return;
  const auto now = road_.clock.now();
  if (!gap_ && now < progress_ + road_.config.receipt_timeout) return;
  gap_ = false;
  next_ = receipted_;
  progress_ = now;
}

/// What is new goes before what was asked for again: a platform that reads a month once more must
/// not wait for today.
EventLane::Span EventLane::next_span() const {
  const auto window = static_cast<std::size_t>(road_.config.event_window);
  if (gap_ || road_.clock.now() < hold_ || in_flight_ >= window) return {};
  const std::size_t room = std::min(window - in_flight_, road_.room());
  const auto span = [room](std::uint64_t from, std::uint64_t end, bool again) {
    return Span{from, static_cast<std::size_t>(std::min<std::uint64_t>(end - from, room)), again};
  };
  const std::uint64_t end = std::min(road_.store.checkpoint().size, receipted_ + window);
  if (next_ < end) return span(next_, end, false);
  if (repeat_ < repeat_end_) return span(repeat_, repeat_end_, true);
  return {};
}

void EventLane::send(const PendingEvent& event, bool again) {
  if (!outstanding()) progress_ = road_.clock.now();
  if (again) {
    repeat_ = event.index + 1;
  } else {
    next_ = event.index + 1;
  }
  ++in_flight_;
  road_.client.publish(event_message(road_.topics, event.index, event.leaf), [this](bool ok) {
    if (in_flight_ > 0) --in_flight_;
    if (!ok && road_.client.connected()) hold_ = road_.clock.now() + after_trouble;
    road_.bell.ring();
  });
}

}  // namespace jieding::sync
