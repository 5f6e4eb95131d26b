#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// Pictures in a folder, named by the instant they were taken: `YYYYMMDDThhmmssZ.jpg` (UTC).
/// Blocks: to be asked on a thread that may wait for a disk.
class PictureFolder {
 public:
  /// What makes two looks at a file the same file at rest.
  struct Look {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed;
    friend bool operator==(const Look&, const Look&) = default;
  };
  struct Whole {
    std::string bytes;
  };
  /// It has no end of a JPEG yet, or changed while it was read: somebody may still be writing it.
  struct Unfinished {
    Look look;
    std::string bytes;
  };
  struct Unfit {
    std::string reason;  ///< `empty`, `huge`, `unreadable`
    std::string detail;
  };
  /// What a look into the folder finds.
  struct Listing {
    std::vector<std::string> names;  ///< after the last one, oldest first
    std::size_t passed = 0;          ///< pictures up to and including the last one
    std::size_t misnamed = 0;        ///< pictures whose name is no instant
    std::string a_misnamed_one;
  };
  using Picture = std::variant<Whole, Unfinished, Unfit>;

  explicit PictureFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// At most `most` names after `last`; NotFound when the folder is not there.
  Result<Listing> after(const std::string& last, std::size_t most) const;
  Picture read(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace jieding::drivers
