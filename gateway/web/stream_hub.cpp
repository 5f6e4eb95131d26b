#include "gateway/web/stream_hub.hpp"

#include <algorithm>

namespace jieding::web {
namespace {

/// Each viewer reads the site again at each change: five hundred are told at most four times in a
/// second, a few of them almost at once.
constexpr std::chrono::microseconds rest_per_viewer{500};
constexpr std::chrono::milliseconds least_rest{20};

}  // namespace

std::chrono::nanoseconds StreamHub::rest() const {
  const auto wanted = rest_per_viewer * static_cast<std::int64_t>(sleepers_.size());
  return std::min<std::chrono::nanoseconds>(interval_,
                                            std::max<std::chrono::nanoseconds>(least_rest, wanted));
}

void StreamHub::changed() {
  ++counted_;
  if (pending_ || stopped_) return;
  const auto now = clock_.now();
  const bool rested = published_ == 0 || now - last_ >= rest();
  if (rested) return publish();
  pending_ = true;
  timer_.expires_after(rest() - (now - last_));
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
