#include <gtest/gtest.h>

#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_reply.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

std::string read(const hj212::Found& found) {
  const hj212::Dialect dialect{{}, {{"a50001", "LA"}}, hj212::harmless()};
  const auto message = found.refused.empty() ? hj212::parse(found.segment())
                                             : hj212::Complaint{found.refused, found.detail};
  if (!message) return "refused " + std::string(message.error().code) + "\n";
  const auto decoded = hj212::readings(*message, dialect, "station", received);
  if (!decoded) return "refused " + std::string(decoded.error().code) + "\n";
  const bool answered = message->head.wants_answer();
  return describe(decoded->batch) +
         (answered ? "answer " + hj212::data_answer(message->head, hj212::ReplyStyle::Standard)
                   : "");
}

/// What it says, and what it would be answered.
std::string play_hj212(const tools::Recording& recording) {
  hj212::FrameFinder finder;
  std::string outcome;
  for (const tools::Event& event : recording.events) {
    if (event.what == tools::Happening::FromDevice) finder.push(event.bytes);
    while (const auto found = finder.next())
      outcome += read(*found);
  }
  std::erase(outcome, '\r');
  return outcome;
}

TEST(Recordings, Hj212IsReadAsExpected) {
  play_all("hj212", play_hj212);
}

}  // namespace
}  // namespace jieding::drivers::test
