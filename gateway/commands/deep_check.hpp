#pragma once

#include "config/config.hpp"
#include "gateway/commands/findings.hpp"

namespace jieding::commands {

/// What only shows when it is tried: clock, names, certificates, broker, cameras, disk, ports,
/// slots. Beside a running gateway; each look is bounded in time and leaves nothing behind.
void check_deeply(Findings& findings, const config::Config& config);

/// Of check_deeply, what the disk says. `sys`: where the kernel tells of its devices.
void check_disk(Findings& findings, const std::filesystem::path& state,
                const std::filesystem::path& sys = "/sys");

}  // namespace jieding::commands
