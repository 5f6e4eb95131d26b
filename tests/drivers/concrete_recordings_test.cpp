#include <gtest/gtest.h>

#include "drivers/concrete_line.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

std::string read(const std::string& text) {
  const concrete::Logger logger{"slab-1", {{"1.1", "slab_core_temperature"}}};
  const concrete::Line line = concrete::read(text, logger, received);
  if (const auto* beat = std::get_if<concrete::Heartbeat>(&line)) {
    return "heartbeat of " + beat->host + "\n";
  }
  if (const auto* strange = std::get_if<concrete::Strange>(&line)) {
    return "refused " + std::string(strange->reason) + ": " + strange->detail + "\n";
  }
  const auto& record = std::get<concrete::Record>(line);
  std::string outcome = describe(record.batch);
  for (const std::string& odd : record.odd)
    outcome += "odd " + odd + "\n";
  return outcome;
}

std::string play_concrete(const tools::Recording& recording) {
  return play_through(concrete::LineFinder(), recording, read);
}

TEST(Recordings, ConcreteIsReadAsExpected) {
  play_all("concrete", play_concrete);
}

}  // namespace
}  // namespace jieding::drivers::test
