#include "gateway/web/stream_hub.hpp"

namespace jieding::web {

void StreamHub::changed() {
  ++counted_;
  if (pending_ || stopped_) return;
  const auto now = clock_.now();
  const bool rested = published_ == 0 || now - last_ >= interval_;
  if (rested) return publish();
  pending_ = true;
  timer_.expires_after(interval_ - (now - last_));
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->pending_ = false;
    self->publish();
  });
}

void StreamHub::publish() {
  published_ = counted_;
  last_ = clock_.now();
  wake_all();
}

void StreamHub::wake_all() {
  for (auto* sleeper : sleepers_)
    sleeper->cancel();
}

void StreamHub::stop() {
  stopped_ = true;
  timer_.cancel();
  wake_all();
}

}  // namespace jieding::web
