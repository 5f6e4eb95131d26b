#include "gateway/web/pace.hpp"

namespace jieding::web {
namespace {

constexpr std::size_t most_clients = 4096;

}  // namespace

bool Pace::allows(const std::string& client) {
  const auto now = clock_.now();
  if (buckets_.size() >= most_clients && !buckets_.contains(client)) forget_the_rested(now);
  TokenBucket fresh(per_second_, burst_, now);
  return buckets_.try_emplace(client, fresh).first->second.take(1, now);
}

void Pace::forget_the_rested(RuntimeClock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) { return entry.second.full(now); });
  if (buckets_.size() >= most_clients) buckets_.clear();
}

}  // namespace jieding::web
