// Any bytes, as SenML or plain JSON: either refused, or readings of the sender with finite values
// and sane names.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/pack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace jieding::drivers;
  const senml::Sender sender{"hz-demo", "hoist-1", {jieding::Instant{}, {}}};
  const plain_json::Dialect dialect{{{"windspeed", "wind_speed"}, {"SN", ""}, {"at", "time"}},
                                    {{"pm10", "ug/m3"}}};
  const auto batch = pack::parse({reinterpret_cast<const char*>(bytes), size}, pack::Form::Either,
                                 sender, dialect);
  if (!batch) return 0;
  if (batch->empty() || batch->size() > senml::most_records) std::abort();
  for (const auto& reading : *batch) {
    const bool sound = reading.device == "hoist-1" && std::isfinite(reading.value) &&
                       !reading.quantity.empty() && reading.quantity.size() <= 64 &&
                       reading.device_time.time_since_epoch().count() >= 0;
    if (!sound) std::abort();
  }
  return 0;
}
