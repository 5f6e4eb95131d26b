// Any bytes, in pieces of any size: frames that are sound, or refusals with their bytes; nothing is
// lost, nothing kept that could become a flood; readings are finite and tell nobody's name.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/hoist_codec.hpp"

namespace {

namespace hoist = jieding::drivers::hoist;

void need(bool so) {
  if (!so) std::abort();
}

void judge(const hoist::Frame& frame) {
  hoist::FrameFinder again;
  again.push(to_bytes(frame));
  const auto found = again.next();
  need(found && std::holds_alternative<hoist::Frame>(*found));
  need(std::get<hoist::Frame>(*found).area == frame.area);
  need(hoist::serial_number(frame).size() % 8 == 0);
  const auto time = hoist::heartbeat_time(frame);
  need(hoist::heartbeat_answer(frame, time).area.size() == (time ? 7U : 1U));
  const auto batch = hoist::readings(frame, "hoist-1", {});
  if (!batch) {
    need(batch.error().text().find(": ") != std::string::npos);
    return;
  }
  for (const auto& reading : *batch)
    need(std::isfinite(reading.value) && !reading.quantity.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + bytes[0];
  const std::string_view all(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  hoist::FrameFinder finder;
  std::size_t told = 0;
  for (std::string_view rest = all; !rest.empty();) {
    const auto part = rest.substr(0, piece);
    rest.remove_prefix(part.size());
    finder.push(part);
    while (const auto found = finder.next()) {
      if (const auto* frame = std::get_if<hoist::Frame>(&*found)) {
        told += frame->area.size() + hoist::around_area;
        judge(*frame);
      } else {
        const auto& strange = std::get<hoist::Strange>(*found);
        need(!strange.reason.empty() && !strange.detail.empty() && !strange.bytes.empty());
        told += strange.bytes.size();
        need(hoist::without_driver(strange.bytes).size() == strange.bytes.size());
      }
    }
    need(finder.unfinished().size() < hoist::longest_area + hoist::around_area);
  }
  need(told + finder.unfinished().size() == all.size());
  return 0;
}
