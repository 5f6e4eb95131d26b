#pragma once
// Sensor nodes whose firmware the box brings up to date. Apart from Config: what the drivers and
// vision are given knows nothing of them.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::config {

class Table;

/// It speaks SMP and boots by MCUboot.
struct Node {
  std::string id;
  std::string name;
  std::string at;  ///< `serial:/dev/ttyUSB0,115200,8N1`, `udp:HOST:PORT`, `tcp:HOST:PORT`
  std::filesystem::path key;                 ///< public half of what its bootloader trusts (PEM)
  std::string vendor, board;                 ///< that an image must name; empty: any
  std::optional<std::uint32_t> min_counter;  ///< least security counter
  bool self_confirm = false;                 ///< it confirms its image by itself
  std::chrono::milliseconds answer_within{3'000};
  std::chrono::milliseconds back_within{60'000};  ///< after a reset
};

/// [[node]] of the whole file, with complaints.
std::vector<Node> read_nodes(Table& root);

/// The nodes of a file that load() has found sound, with the same `overrides`.
Result<std::vector<Node>> load_nodes(const std::filesystem::path& file,
                                     std::span<const std::string> overrides);

}  // namespace jieding::config
