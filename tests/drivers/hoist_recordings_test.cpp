#include <gtest/gtest.h>

#include "drivers/hoist_codec.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

std::string read_hoist(const hoist::Found& found) {
  const auto* frame = std::get_if<hoist::Frame>(&found);
  if (frame == nullptr) {
    return "refused " + std::string(std::get<hoist::Strange>(found).reason) + "\n";
  }
  const std::string command = "command " + std::to_string(static_cast<int>(frame->command)) +
                              " of " + hoist::serial_number(*frame) + "\n";
  if (frame->command == hoist::Command::Heartbeat) return command;
  const auto batch = hoist::readings(*frame, "hoist-1", received);
  return command + (batch ? describe(*batch) : "refused " + batch.error().text() + "\n");
}

std::string play_hoist(const tools::Recording& recording) {
  return play_through(hoist::FrameFinder(), recording, read_hoist);
}

TEST(Recordings, HoistIsReadAsExpected) {
  play_all("hoist", play_hoist);
}

}  // namespace
}  // namespace jieding::drivers::test
