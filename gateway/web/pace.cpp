#include "gateway/web/pace.hpp"

#include <algorithm>

namespace jieding::web {
namespace {

constexpr std::size_t most_clients = 4096;

double seconds_between(RuntimeClock::time_point from, RuntimeClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

bool Pace::allows(const std::string& client) {
  const auto now = clock_.now();
  if (buckets_.size() >= most_clients && !buckets_.contains(client)) forget_the_rested(now);
  auto& bucket = buckets_.try_emplace(client, Bucket{burst_, now}).first->second;
  const double gained = seconds_between(bucket.filled, now) * per_second_;
  bucket.tokens = std::min(burst_, bucket.tokens + gained);
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Pace::forget_the_rested(RuntimeClock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    const Bucket& bucket = entry.second;
    return bucket.tokens + seconds_between(bucket.filled, now) * per_second_ >= burst_;
  });
  if (buckets_.size() >= most_clients) buckets_.clear();
}

}  // namespace jieding::web
