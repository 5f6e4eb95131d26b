// What `jieding timelapse` and jieding-film say to each other: any header is refused, or understood
// so that it can be said again in the same words.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vision/film_wire.hpp"

namespace {

namespace wire = jieding::vision::wire;

template <class Understand>
void try_as(const wire::Message& message, Understand understand) {
  const auto said = understand(message);
  if (!said) return;
  const wire::Message once = wire::to_message(*said);
  const auto again = understand(once);
  if (!again || !(wire::to_message(*again) == once)) std::abort();
}

void understand(const wire::Message& message) {
  (void)wire::kind(message);
  try_as(message, [](const wire::Message& m) { return wire::to_film_order(m); });
  try_as(message, [](const wire::Message& m) { return wire::to_rolling(m); });
  try_as(message, [](const wire::Message& m) { return wire::to_film_picture(m); });
  try_as(message, [](const wire::Message& m) { return wire::to_film_sample(m); });
  try_as(message, [](const wire::Message& m) { return wire::to_film_head(m); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  understand({header, {}});
  understand({header, {"bytes"}});
  return 0;
}
