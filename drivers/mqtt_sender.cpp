#include "drivers/mqtt_sender.hpp"

#include <algorithm>
#include <functional>

namespace jieding::drivers::mqtt {

Stamp Arrivals::stamp_of(std::uint16_t id, std::string_view payload, bool again, Stamp now) {
  const std::size_t content = std::hash<std::string_view>{}(payload);
  if (again) {
    const auto found = std::find_if(ring_.begin(), ring_.end(), [&](const Arrival& each) {
      return each.id == id && each.content == content;
    });
    if (found != ring_.end()) return found->at;
  }
  ring_[next_] = {id, content, now};
  next_ = (next_ + 1) % ring_.size();
  return now;
}

}  // namespace jieding::drivers::mqtt
