// Any bytes, in pieces of any size: lines that are heartbeats, records with finite values and a
// time, or refusals with a reason; what is kept of an endless line stays short.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/concrete_line.hpp"

namespace {

namespace concrete = jieding::drivers::concrete;

void need(bool so) {
  if (!so) std::abort();
}

void judge(const concrete::Line& line) {
  if (const auto* beat = std::get_if<concrete::Heartbeat>(&line)) need(beat->host.size() == 4);
  if (const auto* strange = std::get_if<concrete::Strange>(&line))
    need(!strange->reason.empty() && !strange->detail.empty());
  const auto* record = std::get_if<concrete::Record>(&line);
  if (record == nullptr) return;
  need(record->host.size() == 4 && !record->batch.empty());
  need(record->batch.size() + record->odd.size() <= 20);
  for (const auto& reading : record->batch)
    need(std::isfinite(reading.value) && !reading.quantity.empty() && reading.quantity.size() < 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + bytes[0];
  const concrete::Logger logger{"slab-1", {{"1.1", "core"}}};
  concrete::LineFinder finder;
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  while (!rest.empty()) {
    const auto part = rest.substr(0, piece);
    rest.remove_prefix(part.size());
    finder.push(part);
    while (const auto line = finder.next()) {
      need(line->size() <= concrete::longest_line + 2);
      judge(concrete::read(*line, logger, {}));
    }
    need(finder.unfinished().size() <= concrete::longest_line + 2);
  }
  return 0;
}
