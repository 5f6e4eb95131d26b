#pragma once
// The talk between the gateway and jieding-vision over their socket pair. Pure functions: no socket
// and no OpenCV here, so both sides, the tests and the fuzzer use the same code.
//
//   0        4        8            12 ...                      n bytes      sizes of the blobs
//   | header | blobs  | blob 1 | blob 2 | ... (sizes, 4 bytes) | header JSON | blob 1 | blob 2 |
//   ...
//
// All sizes are unsigned, 32 bit, big endian. Pictures and states travel as blobs, never as JSON.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "gateway/domain/result.hpp"
#include "vision/camera_setup.hpp"

namespace jieding::vision::wire {

inline constexpr std::size_t prefix_size = 8;
inline constexpr std::size_t largest_header = 1U << 20U;
inline constexpr std::size_t most_blobs = 64;
inline constexpr std::size_t largest_blob = 16U << 20U;
inline constexpr std::size_t largest_message = 96U << 20U;

struct Message {
  std::string header;
  std::vector<std::string> blobs;
  bool operator==(const Message&) const = default;
};

std::string encode(const Message& message);

/// What the first eight bytes announce, within the bounds.
struct Prefix {
  std::size_t header = 0;
  std::size_t blobs = 0;
  std::size_t sizes() const { return 4 * blobs; }
};
Result<Prefix> decode_prefix(std::string_view eight_bytes);
/// Sizes of the blobs; `prefix.sizes()` bytes are handed in.
Result<std::vector<std::size_t>> decode_sizes(const Prefix& prefix, std::string_view bytes);

/// A whole message from the front of `bytes`; nothing yet when more bytes are needed.
struct Decoded {
  Message message;
  std::size_t used = 0;
};
Result<std::optional<Decoded>> decode(std::string_view bytes);

// What is said: setup -> ready (for each camera), frame -> report.

struct Setup {
  CameraSetup camera;
  std::string state;  ///< empty for a fresh start
};
struct FrameCall {
  std::uint64_t id = 0;
  Frame frame;
};
struct Report {
  std::uint64_t id = 0;
  std::string refused;  ///< why this camera is not looked after; empty: `report` holds
  FrameReport report;
};

/// The kind of a message that asks (`setup`, `frame`, `photo`, `calibrate`, `rendition`;
/// `film`, `picture`, `cut`) or of `ready`, `report`, `masked_photo` and `rendered`; empty for
/// anything else.
std::string kind(const Message& message);

Message to_message(const Setup& setup);
Message to_message(const FrameCall& call);
Message to_message(const Report& report);
Message ready_message();

Result<Setup> to_setup(Message message);
Result<FrameCall> to_frame(Message message);
Result<Report> to_report(Message message);

}  // namespace jieding::vision::wire
