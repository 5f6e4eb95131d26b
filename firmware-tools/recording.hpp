#pragma once
// What went over a link, as a text file (`.log`) that people can read, cut and comment:
//
//   jieding recording 1
//   device: construction-dust station, nine factors     KEY: VALUE, in any order, some repeatedly
//   when: 2026-03-15T04:00:00Z
//
//   # a comment
//   0.000 = opened                     seconds since the beginning; `-`: nobody knows
//   0.012 < "##0101QN=...\r\n"         from the device: text with \r \n \t \" \\ \xNN
//   0.140 > 01 03 00 00 00 01 84 0a    to the device: bytes in hexadecimal
//   9.000 = closed
//
// One line a chunk: bytes as one read gave them, no frames. Pure: no files, no clock.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::tools {

inline constexpr std::size_t longest_recording = std::size_t{64} * 1024 * 1024;  ///< bytes
inline constexpr std::size_t longest_line = std::size_t{64} * 1024;              ///< bytes
inline constexpr std::size_t longest_chunk = 4096;  ///< bytes on one line that we write

enum class Happening { FromDevice, ToDevice, Opened, Closed };

struct Event {
  std::optional<std::chrono::milliseconds> at;  ///< since the beginning; none: not known
  Happening what = Happening::FromDevice;
  std::string bytes;  ///< of the chunk; Opened and Closed have none

  friend bool operator==(const Event&, const Event&) = default;
};

struct Recording {
  std::vector<std::pair<std::string, std::string>> header;  ///< KEY: VALUE as they stand
  std::vector<Event> events;
  bool torn = false;  ///< the last line has no end: its writer was killed, and it is left out

  /// The first value of this key; empty: there is none.
  std::string_view value(std::string_view key) const;
  std::vector<std::string_view> values(std::string_view key) const;
};

/// Faults: Invalid with the line's number and what to do.
Result<Recording> parse_recording(std::string_view text);

/// The first line of every recording.
std::string first_line();
/// Control characters in the value become blanks: it stays one line.
std::string header_line(std::string_view key, std::string_view value);
std::string event_line(const Event& event);

}  // namespace jieding::tools
