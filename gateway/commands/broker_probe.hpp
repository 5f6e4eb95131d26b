#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/runtime/certificate.hpp"

namespace jieding::commands {

/// Knocks at the platform's broker as the uplink does: connects, checks its certificate, signs in,
/// and leaves. `client` must be no name that the uplink uses, or the broker would send that away.
/// The broker's own certificate; none without TLS.
Result<std::optional<Certificate>> knock_at_broker(const config::Uplink& uplink,
                                                   const std::string& client,
                                                   std::chrono::milliseconds longest);

/// Whether somebody takes a TCP connection there.
Result<void> knock(const std::string& host, int port, std::chrono::milliseconds longest);

}  // namespace jieding::commands
