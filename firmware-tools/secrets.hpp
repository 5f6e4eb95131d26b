#pragma once
// Recordings are passed around, so what opens a door is replaced before it is written: PW of HJ 212
// (with the frame's checksum made right again), the password of an MQTT CONNECT, and the value of
// HTTP's Authorization. Lengths stay, so that what was recorded still plays.

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "firmware-tools/recording.hpp"

namespace jieding::tools {

/// Takes events and gives them back in their order, later by as much as it takes to see the whole
/// of what may hold a secret: an unfinished HJ 212 frame waits for its end. Bounded: what waits too
/// long goes out with all replaced that looks like a secret.
class SecretMask {
 public:
  void push(Event event);
  /// The next event that may be written; none: push more.
  std::optional<Event> next();
  /// Nothing more comes: what waits may go.
  void finish();

 private:
  /// What went in one direction and was not given back yet.
  struct Stream {
    std::string bytes;
    std::size_t settled = 0;        ///< of `bytes`, from the front: as they may be written
    bool at_beginning = true;       ///< of a connection
    std::string_view cut_off = {};  ///< what ends a secret whose end has not come
  };

  Stream& stream_of(Happening what);
  static void settle(Stream& stream, bool all);

  std::array<Stream, 2> streams_;
  std::deque<Event> waiting_;  ///< with bytes as they came
  std::size_t held_ = 0;       ///< bytes of `waiting_`
};

}  // namespace jieding::tools
