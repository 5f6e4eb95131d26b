#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding {

/// Where the running gateway listens, by name: `web`, `hj212` ...
using Ports = std::map<std::string, std::uint16_t>;

/// `ports.json` in the state folder says to other programs that the gateway has begun, and what
/// listens where. It appears whole and goes at a clean stop.
Result<void> write_ports_file(const std::filesystem::path& state, const Ports& ports);
/// NotFound: no gateway runs on this state folder (or it is still starting).
Result<Ports> read_ports_file(const std::filesystem::path& state);
void remove_ports_file(const std::filesystem::path& state);

}  // namespace jieding
