#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace jieding::bench {

/// Makes a session that stays when its client goes: from now on the broker must keep what comes.
void leave_subscription(std::uint16_t port);

/// Comes back to that session and takes what the broker kept, until nothing more comes: device and
/// second of each message.
std::set<std::pair<std::string, std::int64_t>> collect_kept(std::uint16_t port);

}  // namespace jieding::bench
