#pragma once
// How a message of vision/wire lies in the bytes of a socket pair.
//
//   0        4        8            12 ...                      n bytes      sizes of the blobs
//   | header | blobs  | blob 1 | blob 2 | ... (sizes, 4 bytes) | header JSON | blob 1 | blob 2 |
//   ...
//
// All sizes are unsigned, 32 bit, big endian. Pictures and states travel as blobs, never as JSON.
// There is no socket here, so both sides, the tests and the fuzzer read by the same code.

#include <span>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::vision::wire {

inline constexpr std::size_t largest_header = 1U << 20U;
inline constexpr std::size_t most_blobs = 64;
inline constexpr std::size_t largest_blob = 24U << 20U;
inline constexpr std::size_t largest_message = 96U << 20U;

struct Message {
  std::string header;
  std::vector<std::string> blobs;
  bool operator==(const Message&) const = default;
};

std::string encode(const Message& message);

/// A message on its way in: fill `room()` wholly and call `filled()`, until it is `whole()`.
class Incoming {
 public:
  bool whole() const { return part_ == Part::Whole; }
  /// Where its next bytes go; it may have no length. Good until `filled()`.
  std::span<char> room();
  /// Invalid: this is no message, or one beyond the bounds; no more can be read.
  Result<void> filled();
  /// Once it is whole.
  Message take() { return std::move(message_); }

 private:
  enum class Part { Prefix, Sizes, Header, Blob, Whole };
  Result<void> read_prefix();
  Result<void> read_sizes();
  void begin_blob();

  Part part_ = Part::Prefix;
  std::string front_ = std::string(8, '\0');  ///< the prefix, then the sizes
  std::size_t header_size_ = 0;
  std::vector<std::size_t> sizes_;  ///< of the blobs
  Message message_;
};

}  // namespace jieding::vision::wire
