#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>

#include "sync/uplink_road.hpp"

namespace jieding::sync {

/// Readings in packs. A cursor over their row ids says what the broker has: it advances over the
/// contiguous run of acknowledged packs and is stored now and then, so after a crash some packs are
/// sent twice and none is lost. Reads ahead of the window in large pieces; what does not fit waits
/// in the database. Driven by the uplink and by its own reader, io.
class TelemetryLane {
 public:
  struct Terms {
    std::size_t piece = 8192;  ///< rows per read
    /// A pack that is not full waits so long for more.
    std::chrono::milliseconds linger{500};
  };
  TelemetryLane(boost::asio::any_io_executor io, Road& road, Terms terms)
      : road_(road), terms_(terms), hungry_(std::move(io)) {}

  boost::asio::awaitable<Result<void>> load();
  void begin();
  void look();  ///< something may have been committed
  /// Fills the window from what was read; false: nothing could be sent.
  bool step();
  RuntimeClock::time_point deadline() const;

  /// Reads ahead until stopped.
  boost::asio::awaitable<void> read_ahead();
  /// Stores how far the broker has it.
  boost::asio::awaitable<void> save();
  /// The broker has every reading that was committed before the last look.
  bool drained() const { return dry_ && !reading_ && buffer_.empty() && open_ == 0; }
  bool unsaved() const { return acknowledged_ > saved_; }
  void stop();

 private:
  struct Pack {
    std::int64_t last_id;
    bool acknowledged;
  };
  void send_pack(std::size_t rows);
  void answered(std::uint64_t number, bool ok);
  void start_over();
  std::size_t most_per_pack() const {
    return static_cast<std::size_t>(road_.config.telemetry_pack);
  }
  bool starved() const { return buffer_.size() < terms_.piece && !dry_ && !held(); }
  bool held() const { return road_.clock.now() < hold_; }

  Road& road_;
  Terms terms_;
  Bell hungry_;  ///< wakes the reader
  std::deque<PendingReading> buffer_;
  std::deque<Pack> underway_;       ///< in the order they were sent
  std::uint64_t first_number_ = 0;  ///< of underway_.front()
  std::size_t open_ = 0;            ///< packs without an answer
  std::int64_t read_ = 0;           ///< row id up to which the buffer was filled
  std::int64_t acknowledged_ = 0;   ///< row id up to which the broker has everything
  std::int64_t saved_ = 0;          ///< the same, as stored
  std::uint64_t round_ = 0;  ///< counts start_over(): what was read for an older one is dropped
  bool dry_ = false;         ///< the database had no more
  bool reading_ = false;     ///< read_ahead() waits for the database
  bool refused_ = false;     ///< a pack was: start over when the rest is answered
  bool stopped_ = false;
  RuntimeClock::time_point linger_until_{};
  RuntimeClock::time_point hold_{};
};

}  // namespace jieding::sync
