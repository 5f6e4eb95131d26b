#pragma once
// How a device on a line of its own is configured: a serial port, or a serial server on the
// network.

#include <array>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "drivers/link.hpp"

namespace jieding::drivers::link_keys {

std::string wrong_serial(const config::Settings& table, const config::Config& before);
std::string wrong_tcp(const config::Settings& table, const config::Config& before);
std::string wrong_baud(const config::Settings& table, const config::Config& before);
std::string wrong_parity(const config::Settings& table, const config::Config& before);
std::string wrong_stop_bits(const config::Settings& table, const config::Config& before);

inline constexpr std::array keys{
    config::Key{"serial", config::KeyKind::Path, false,
                "the serial port it is on, best /dev/serial/by-id/...", wrong_serial},
    config::Key{"tcp", config::KeyKind::Text, false,
                "instead: ADDRESS:PORT of a serial server that passes its bytes through",
                wrong_tcp},
    config::Key{"baud", config::KeyKind::Integer, false, "of the serial port; 9600", wrong_baud},
    config::Key{"parity", config::KeyKind::Text, false, "\"none\", \"even\" or \"odd\"; none",
                wrong_parity},
    config::Key{"stop_bits", config::KeyKind::Integer, false, "1 or 2; 1", wrong_stop_bits},
};

/// None: the table names neither.
std::optional<LinkAddress> address_of(const config::Settings& table);

/// The keys of a device: its driver's own, then these.
template <std::size_t N>
constexpr std::array<config::Key, N + keys.size()> after(const std::array<config::Key, N>& own) {
  std::array<config::Key, N + keys.size()> all{};
  for (std::size_t i = 0; i < N; ++i)
    all[i] = own[i];
  for (std::size_t i = 0; i < keys.size(); ++i)
    all[N + i] = keys[i];
  return all;
}

}  // namespace jieding::drivers::link_keys
