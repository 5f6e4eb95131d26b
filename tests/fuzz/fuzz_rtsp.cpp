// What a camera answers, in pieces of any size: the same bytes go on and the same verdict falls
// however they are cut, and what goes on is what came.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/rtsp_guard.hpp"

namespace {

using jieding::drivers::RtspGuard;

void need(bool so) {
  if (!so) std::abort();
}

struct Passed {
  std::string bytes;
  std::string error;
};

Passed pass(std::string_view all, std::size_t piece) {
  RtspGuard guard(false);
  Passed passed;
  while (!all.empty() && passed.error.empty()) {
    const auto part = guard.pass(all.substr(0, piece));
    if (part) {
      passed.bytes += *part;
    } else {
      passed.error = part.error().text();
    }
    all.remove_prefix(std::min(all.size(), piece));
  }
  return passed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view all(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const Passed one = pass(all, 1), some = pass(all, 1UL + bytes[0]);
  need(all.starts_with(one.bytes) && all.starts_with(some.bytes));
  need(one.error.empty() == some.error.empty());
  if (one.error.empty()) need(one.bytes == some.bytes);
  return 0;
}
