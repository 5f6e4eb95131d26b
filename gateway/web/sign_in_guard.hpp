#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/runtime/clock.hpp"

namespace jieding::web {

/// Locks an address out of signing in for a growing time once it has failed too often. Remembers a
/// bounded number of addresses. Thread-bound to io.
class SignInGuard {
 public:
  struct Options {
    int free_failures = 5;
    std::chrono::seconds first_lock{2};  ///< doubles with each further failure
    std::chrono::seconds longest_lock{15 * 60};
    std::chrono::seconds forgotten_after{60 * 60};
  };

  SignInGuard(const RuntimeClock& clock, Options options) : clock_(clock), options_(options) {}

  /// How long this address must still wait; nothing: it may try.
  std::optional<std::chrono::seconds> locked_for(const std::string& peer) const;
  /// Counts a failure before it is known, so that many tries at once do not slip through.
  void trying(const std::string& peer);
  void succeeded(const std::string& peer) { failures_.erase(peer); }

 private:
  struct Failures {
    int count = 0;
    RuntimeClock::time_point last;
  };
  std::chrono::seconds lock_after(int failures) const;
  void make_room();

  const RuntimeClock& clock_;
  Options options_;
  std::unordered_map<std::string, Failures> failures_;
};

}  // namespace jieding::web
