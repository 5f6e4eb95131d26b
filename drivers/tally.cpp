#include "drivers/tally.hpp"

#include <utility>

#include "gateway/runtime/log.hpp"

namespace jieding::drivers {

void Tally::count(std::string last) {
  ++unsaid_;
  last_ = std::move(last);
  if (clock_.now() - spoken_ >= std::chrono::seconds{1}) flush();
}

void Tally::flush() {
  if (unsaid_ == 0) return;
  log::warning(component_, std::to_string(unsaid_) + " " + std::string(what_) + ", last: " + last_);
  unsaid_ = 0;
  spoken_ = clock_.now();
}

}  // namespace jieding::drivers
