#pragma once
// What a mass-concrete temperature logger prints, a line for each of its nodes, fields parted by
// TAB:
//
//   host   nodes  node  date      time      channels  13 temperatures  node V  humidities  5 of
//   them  host V 8191   2      1     20260315  11:59:30  5         45.2 ...         3.61 2 71.5 ...
//   12.1
//
//   host        four characters; alone, followed by `h`, it is a heartbeat
//   date time   local (+08:00)
//   channels    so many of the 13 count (Cel); the same with the humidities (%RH)

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/domain/reading.hpp"

namespace jieding::drivers::concrete {

inline constexpr std::size_t longest_line = 512;

struct Heartbeat {
  std::string host;
};
/// One node's values. What is no number or cannot be is left out and told in `odd`.
struct Record {
  std::string host;
  Batch batch;
  std::vector<std::string> odd;
};
/// A line that is neither, and why: `too_long`, `noise`, `fields`, `count`, `time`, `values`.
struct Strange {
  std::string_view reason;
  std::string detail;
};
using Line = std::variant<Heartbeat, Record, Strange>;

/// Whose lines they are, and what its channels are called.
struct Logger {
  std::string device;
  /// `2.5`, node and channel, to the quantity; left out: `concrete_temperature_2_5`.
  std::map<std::string, std::string, std::less<>> names;
};

/// `line` without its end. Readings are of the logger.
Line read(std::string_view line, const Logger& logger, Stamp received);

/// Cuts a stream into lines. Between calls of `next` that return nothing it holds at most one
/// line's beginning; of a line that is too long it keeps no more than its length.
class LineFinder {
 public:
  void push(std::string_view bytes);
  /// The next line without CR and LF; of one that is too long, as much as is kept.
  std::optional<std::string> next();
  const std::string& unfinished() const { return begun_; }
  void clear();

 private:
  std::string begun_;
  std::string rest_;
};

}  // namespace jieding::drivers::concrete
