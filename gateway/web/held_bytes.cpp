#include "gateway/web/held_bytes.hpp"

#include <utility>

namespace jieding::web {

HeldBytes::Share::Share(HeldBytes& all, std::size_t bytes, std::function<void()> let_go)
    : all_(all),
      place_(all.by_movement_.insert(all.by_movement_.end(), Entry{0, std::move(let_go)})) {
  moved(bytes);
}

HeldBytes::Share::~Share() {
  all_.total_ -= place_->bytes;
  (place_->let_go ? all_.by_movement_ : all_.let_go_).erase(place_);
}

void HeldBytes::Share::moved(std::size_t more) {
  if (!place_->let_go) return;
  place_->bytes += more;
  all_.total_ += more;
  all_.by_movement_.splice(all_.by_movement_.end(), all_.by_movement_, place_);
  all_.make_room();
}

/// Whoever moved just now stays, or one large answer could never be given.
void HeldBytes::make_room() {
  while (total_ > most_ && by_movement_.size() > 1) {
    auto& slowest = by_movement_.front();
    total_ -= std::exchange(slowest.bytes, 0);
    const auto let_go = std::exchange(slowest.let_go, nullptr);
    let_go_.splice(let_go_.end(), by_movement_, by_movement_.begin());
    let_go();
  }
}

}  // namespace jieding::web
