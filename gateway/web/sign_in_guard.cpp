#include "gateway/web/sign_in_guard.hpp"

#include <algorithm>

namespace jieding::web {
namespace {

constexpr std::size_t most_addresses = 4096;

}  // namespace

std::optional<std::chrono::seconds> SignInGuard::locked_for(const std::string& peer) const {
  const auto found = failures_.find(peer);
  if (found == failures_.end()) return std::nullopt;
  const auto until = found->second.last + lock_after(found->second.count);
  const auto now = clock_.now();
  if (now >= until) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(until - now);
}

void SignInGuard::trying(const std::string& peer) {
  const auto now = clock_.now();
  if (failures_.size() >= most_addresses && !failures_.contains(peer)) make_room();
  auto& failures = failures_[peer];
  const bool old = failures.count > 0 && now - failures.last >= options_.forgotten_after;
  failures.count = old ? 1 : failures.count + 1;
  failures.last = now;
}

std::chrono::seconds SignInGuard::lock_after(int failures) const {
  const int beyond = failures - options_.free_failures;
  if (beyond < 0) return std::chrono::seconds{0};
  const std::chrono::seconds lock = options_.first_lock * (1 << std::min(beyond, 20));
  return std::min(lock, options_.longest_lock);
}

void SignInGuard::make_room() {
  const auto now = clock_.now();
  std::erase_if(failures_, [&](const auto& entry) {
    return now - entry.second.last >= lock_after(entry.second.count);
  });
  if (failures_.size() >= most_addresses) failures_.erase(failures_.begin());
}

}  // namespace jieding::web
