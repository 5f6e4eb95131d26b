#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <string>

#include "sync/uplink_road.hpp"

namespace jieding::sync {

/// Ledger events, in ledger order. A bounded window of them is on its way; only the platform's
/// receipt frees it, whatever the broker says. While more waits than the window holds, receipts are
/// gathered until they free half of it, so that a platform that was away costs one commit for many
/// events. Sent again from the receipted size when a receipt shows a gap, and by timer. Driven by
/// the uplink's one coroutine, io.
class EventLane {
 public:
  explicit EventLane(Road& road) : road_(road) {}

  boost::asio::awaitable<Result<void>> load();
  /// A new connection knows nothing of the last: the window starts over.
  void begin();

  /// From the platform; taken in by step(). Bounded: beyond, the newest is dropped (it comes
  /// again).
  void offer(Receipt receipt);
  /// Sends again what was sent already from an index on; receipts are not touched by it.
  void repeat_from(std::uint64_t index);

  /// One piece of work; false: there is none now.
  boost::asio::awaitable<bool> step();
  /// When step() should be called again though nothing happened.
  RuntimeClock::time_point deadline() const;

  std::uint64_t sent() const { return next_; }
  std::uint64_t receipted() const { return receipted_; }
  const std::string& last_receipt() const { return last_receipt_; }
  /// Whether a platform has ever answered here. Until then nobody may have subscribed, and a broker
  /// acknowledges what nobody has subscribed to and throws it away. (Brokers of MQTT 5 say so in
  /// PUBACK, reason 0x10, but Paho 1.3 keeps it from its callers.)
  bool platform_known() const { return !last_receipt_.empty(); }
  /// What is wrong with the platform's receipts; empty: nothing.
  const std::string& alarm() const { return alarm_; }
  /// Whether the ledger holds a conflict with the platform that must be cleared when it is over.
  void conflict_stands(bool stands) { conflict_may_stand_ = stands; }

 private:
  struct Span {
    std::uint64_t from = 0;
    std::size_t count = 0;
    bool again = false;  ///< of a repetition that was asked for
  };
  bool gathers() const;
  boost::asio::awaitable<void> take(Receipt receipt);
  void judge(const Receipt& receipt, ReceiptVerdict verdict);
  void raise(std::string alarm);
  void rewind_if_due();
  Span next_span() const;
  void send(const PendingEvent& event, bool again);
  bool outstanding() const { return next_ > receipted_; }

  Road& road_;
  std::uint64_t receipted_ = 0;          ///< the platform holds all below
  std::uint64_t next_ = 0;               ///< all below was sent on this connection or is receipted
  std::uint64_t repeat_ = 0;             ///< a requested repetition goes on here ...
  std::uint64_t repeat_end_ = 0;         ///< ... and ends here
  std::size_t in_flight_ = 0;            ///< without PUBACK
  bool gap_ = false;                     ///< a receipt showed one
  RuntimeClock::time_point progress_{};  ///< of receipts, or since when one is awaited
  RuntimeClock::time_point hold_{};      ///< after trouble: nothing before
  std::deque<Receipt> receipts_;
  RuntimeClock::time_point gathered_enough_{};  ///< then a receipt is taken that frees only little
  std::string last_receipt_;
  std::string alarm_;
  bool conflict_may_stand_ = true;  ///< in the ledger, perhaps since before this start
};

}  // namespace jieding::sync
