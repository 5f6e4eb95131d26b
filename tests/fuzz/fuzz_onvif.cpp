// Any bytes as an ONVIF device's answer, to every question: either what was asked for, in bounds,
// or one line that says what is wrong.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/onvif.hpp"

namespace {

namespace onvif = jieding::drivers::onvif;

void need(bool so) {
  if (!so) std::abort();
}

template <class Value>
void need_reason(const jieding::Result<Value>& result) {
  if (result) return;
  const std::string text = result.error().text();
  need(!text.empty() && text.size() < 1000);
  for (const char c : text)
    need(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

void need_address(const jieding::Result<std::string>& address) {
  need_reason(address);
  if (address) need(!address->empty() && address->size() <= 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(bytes), size);
  const auto clock = onvif::read_clock(answer);
  need_reason(clock);
  if (clock) need(jieding::to_rfc3339(*clock).size() == 20);
  need_address(onvif::read_media_capability(answer));
  need_address(onvif::read_media_service(answer));
  need_address(onvif::read_snapshot_uri(answer));
  const auto profiles = onvif::read_profiles(answer);
  need_reason(profiles);
  if (profiles) need(!profiles->empty() && profiles->size() <= 64);
  return 0;
}
