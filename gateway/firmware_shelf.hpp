#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/node_programs.hpp"

namespace jieding {

/// An image of a sensor node has no more bytes (as jieding-image).
inline constexpr std::size_t longest_firmware = std::size_t{16} * 1024 * 1024;

/// The files of images that may be rolled out: `STATE/firmware/SHA256.img`, each verified before it
/// has that name. Blocking: not for io.
class FirmwareShelf {
 public:
  FirmwareShelf(const std::filesystem::path& state, const NodePrograms& programs,
                const std::vector<config::Node>& nodes)
      : folder_(state / "firmware"), programs_(programs), nodes_(nodes) {}

  /// On the disk when it returns. Invalid: none of the nodes would take it, with what the last one
  /// holds against it.
  Result<Firmware> put(std::string_view bytes) const;
  std::filesystem::path file_of(const std::string& sha256) const {
    return folder_ / (sha256 + ".img");
  }
  void remove(const std::string& sha256) const;
  /// Removes what is not among these: power went between file and commit.
  void keep_only(const std::vector<std::string>& sha256s) const;

 private:
  Result<Firmware> verified(const std::filesystem::path& file) const;

  std::filesystem::path folder_;
  const NodePrograms& programs_;
  const std::vector<config::Node>& nodes_;
};

}  // namespace jieding
