#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::web {

/// Token buckets by client: so many requests a second, with a burst. Remembers a bounded number of
/// clients; one that it had to forget starts with a full bucket. Thread-bound to io.
class Pace {
 public:
  Pace(const RuntimeClock& clock, double per_second, double burst)
      : clock_(clock), per_second_(per_second), burst_(burst) {}

  /// True takes a token.
  bool allows(const std::string& client);

 private:
  void forget_the_rested(RuntimeClock::time_point now);

  const RuntimeClock& clock_;
  double per_second_;
  double burst_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace jieding::web
