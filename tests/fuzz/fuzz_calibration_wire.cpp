// What `jieding calibrate` and the vision process say to each other: any header is refused, or
// understood so that it can be said again in the same words.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vision/calibration.hpp"

namespace {

namespace wire = jieding::vision::wire;

template <class Said, class Understand>
void say_again(const Said& said, Understand understand) {
  const wire::Message once = wire::to_message(said);
  const auto again = understand(once);
  if (!again || !(wire::to_message(*again) == once)) std::abort();
}

void understand(const wire::Message& message) {
  if (const auto call = wire::to_calibration_call(message))
    say_again(*call, [](const wire::Message& m) { return wire::to_calibration_call(m); });
  if (const auto calibration = wire::to_calibration(message))
    say_again(*calibration, [](const wire::Message& m) { return wire::to_calibration(m); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  understand({header, {}});
  understand({header, {"a picture"}});
  return 0;
}
