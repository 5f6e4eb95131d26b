// Any bytes, in pieces of any size: the splitter keeps its bounds, and whatever is read is sound.
// The same bytes are read as a data segment too, since a fuzzer rarely guesses a checksum.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"

namespace {

namespace hj212 = jieding::drivers::hj212;

void need(bool so) {
  if (!so) std::abort();
}

void read(std::string_view segment) {
  const auto message = hj212::parse(segment);
  if (!message) return;
  const hj212::Dialect dialect{{{"a34004", "mg/m3"}}, {{"a50001", "LA"}}};
  const auto batch = hj212::readings(*message, dialect, "dust-1", {});
  if (!batch) return;
  need(!batch->empty());
  for (const auto& reading : *batch)
    need(std::isfinite(reading.value) && !reading.quantity.empty());
  hj212::FrameFinder finder;
  finder.push(hj212::answer(*message));
  const auto answer = finder.next();
  need(answer && answer->refused.empty() && hj212::parse(answer->segment));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + bytes[0] * std::size_t{8};
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (rest.size() <= hj212::longest_segment) read(rest);
  std::size_t given = 0;
  std::size_t taken = 0;
  hj212::FrameFinder finder;
  while (!rest.empty()) {
    const auto part = rest.substr(0, piece);
    rest.remove_prefix(part.size());
    finder.push(part);
    given += part.size();
    while (const auto found = finder.next()) {
      taken += found->bytes.size();
      if (!found->refused.empty()) continue;
      need(hj212::to_frame(found->segment).size() == found->bytes.size() + 2);
      read(found->segment);
    }
    need(finder.unfinished().size() < hj212::longest_segment + hj212::frame_overhead);
    need(taken + finder.unfinished().size() <= given);
  }
  return 0;
}
