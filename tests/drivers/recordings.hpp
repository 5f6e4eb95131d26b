#pragma once
// Recordings of links lie in tests/data/FOLDER as x.log (see firmware-tools/recording.hpp), and
// beside each x.expected: what must come out, line by line. A bug report becomes one more.

#include <string>

#include "firmware-tools/recording.hpp"
#include "gateway/domain/reading.hpp"

namespace jieding::drivers::test {

/// When every recording is received.
inline constexpr Stamp received{
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} + std::chrono::hours{4},
    TimeQuality::Synced};

using Player = std::string (*)(const tools::Recording&);

/// Plays every recording of the folder and holds what comes out against what was expected. With
/// JIEDING_WRITE_EXPECTED=1 missing .expected files are written, to be read before they are kept.
void play_all(const std::string& folder, Player play);

/// What `read` makes of each thing that `finder` finds in what the device said.
template <class Finder, class Read>
std::string play_through(Finder finder, const tools::Recording& recording, Read read) {
  std::string outcome;
  for (const tools::Event& event : recording.events) {
    if (event.what == tools::Happening::FromDevice) finder.push(event.bytes);
    while (const auto found = finder.next())
      outcome += read(*found);
  }
  return outcome;
}

/// All that the device said, as one text.
std::string said_by_device(const tools::Recording& recording);

/// A line for each reading.
std::string describe(const Batch& batch);

}  // namespace jieding::drivers::test
