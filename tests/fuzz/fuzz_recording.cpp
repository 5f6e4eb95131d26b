// Any bytes as a recording: what can be read can be written, and reads as the same again; and what
// the mask lets through has the same lengths in the same order.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "firmware-tools/recording.hpp"
#include "firmware-tools/secrets.hpp"

namespace {

using namespace jieding::tools;

void need(bool so) {
  if (!so) std::abort();
}

void need_round_trip(const Recording& recording) {
  std::string text = first_line();
  for (const auto& [key, value] : recording.header)
    text += header_line(key, value);
  for (const Event& event : recording.events)
    text += event_line(event);
  const auto again = parse_recording(text);
  need(again && again->events == recording.events && !again->torn);
  need(again->header.size() == recording.header.size());
}

void need_same_shape(const Recording& recording) {
  SecretMask mask;
  std::size_t next = 0;
  const auto look = [&] {
    while (const auto event = mask.next()) {
      need(next < recording.events.size());
      const Event& before = recording.events[next++];
      need(event->what == before.what && event->at == before.at);
      need(event->bytes.size() == before.bytes.size());
    }
  };
  for (const Event& event : recording.events) {
    mask.push(event);
    look();
  }
  mask.finish();
  look();
  need(next == recording.events.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  // Most inputs would fail at the first line: it is given.
  for (const std::string& whole : {std::string(text), first_line() + std::string(text)}) {
    const auto recording = parse_recording(whole);
    if (!recording) continue;
    need_round_trip(*recording);
    need_same_shape(*recording);
  }
  return 0;
}
