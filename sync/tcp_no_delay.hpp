#pragma once

#include <cstdint>

namespace jieding::sync {

/// Has the process's TCP connections to a port send small packets at once (RFC 1122, 4.2.3.4:
/// TCP_NODELAY). For connections of a library that has no setting for it.
void send_at_once_to(std::uint16_t port);

}  // namespace jieding::sync
