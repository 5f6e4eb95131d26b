// How fast the state folder takes writes, and what the kernel knows of the disk below it.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "gateway/commands/deep_check.hpp"

namespace jieding::commands {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t piece = std::size_t{1} << 20;
constexpr int pieces = 16;
constexpr int commits = 15;
constexpr std::chrono::seconds longest{10};  ///< a dying card must not hold the check up
constexpr double slow_mb_s = 4;              ///< four cameras and a thousand readings a second
constexpr double slow_commit_ms = 100;

struct Pace {
  double mb_s = 0;
  double commit_ms = 0;  ///< median of a small write and fsync
};

/// A file without a name: it is gone however this ends.
class Scratch {
 public:
  explicit Scratch(const fs::path& folder)
      : descriptor_(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool write(std::size_t bytes) {
    const std::string block(bytes, '\x5A');
    return ::write(descriptor_, block.data(), block.size()) == static_cast<ssize_t>(bytes);
  }
  bool sync() { return ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

std::optional<Pace> measure(const fs::path& folder) {
  Scratch file(folder);
  const auto end = Clock::now() + longest;
  auto begin = Clock::now();
  int written = 0;
  while (written < pieces && Clock::now() < end) {
    if (!file.write(piece) || !file.sync()) return std::nullopt;
    ++written;
  }
  Pace pace;
  pace.mb_s = written / std::chrono::duration<double>(Clock::now() - begin).count();
  std::vector<double> each;
  while (each.size() < commits && Clock::now() < end) {
    begin = Clock::now();
    if (!file.write(4096) || !file.sync()) return std::nullopt;
    each.push_back(Milliseconds(Clock::now() - begin).count());
  }
  if (each.empty()) each.push_back(Milliseconds(longest).count());
  std::nth_element(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(each.size() / 2),
                   each.end());
  pace.commit_ms = each[each.size() / 2];
  return pace;
}

std::string rounded(double value) {
  std::string text = std::to_string(value);
  return text.substr(0, text.find('.') + 2);
}

/// /sys/dev/block/MAJOR:MINOR, or of the whole disk that a partition belongs to.
fs::path in_sys(const fs::path& sys, const fs::path& folder) {
  struct stat about {};
  if (::stat(folder.c_str(), &about) != 0) return {};
  const std::string number =
      std::to_string(major(about.st_dev)) + ":" + std::to_string(minor(about.st_dev));
  std::error_code code;
  return fs::canonical(sys / "dev/block" / number, code);
}

std::vector<std::string> words_in(const fs::path& file) {
  std::ifstream in(file);
  return {std::istream_iterator<std::string>(in), {}};
}

/// eMMC tells in tenths how much of the life of its two kinds of memory is used, 0: it does not
/// (JESD84-B51, DEVICE_LIFE_TIME_EST_TYP_A and _B).
void check_life(Findings& findings, const fs::path& disk) {
  long tenths = 0;
  for (const fs::path& place :
       {disk / "device/life_time", disk.parent_path() / "device/life_time"}) {
    for (const std::string& used : words_in(place))
      tenths = std::max(tenths, std::strtol(used.c_str(), nullptr, 16));
  }
  if (tenths == 0) return;
  const std::string line = "disk: " + std::to_string(tenths * 10) + " % of its life is used";
  if (tenths >= 9) return findings.bad(line + "; replace it, after `jieding ledger export`");
  findings.fine(line);
}

void check_errors(Findings& findings, const fs::path& file_system) {
  const auto words = words_in(file_system / "errors_count");
  if (words.empty()) return;
  const std::string& errors = words.front();
  if (errors == "0") return findings.fine("disk: its file system has met no error");
  findings.bad("disk: its file system has met " + errors +
               " errors; run e2fsck from the other slot, see the kernel's log, replace the disk");
}

}  // namespace

void check_disk(Findings& findings, const fs::path& state, const fs::path& sys) {
  std::error_code code;
  if (!fs::is_directory(state, code)) return;  // made at the first start
  const auto pace = measure(state);
  if (!pace) {
    findings.bad("disk: " + state.string() + " takes no writes; see the kernel's log (dmesg)");
    return;
  }
  const std::string line =
      "disk: " + rounded(pace->mb_s) + " MB/s, a commit takes " + rounded(pace->commit_ms) + " ms";
  if (pace->mb_s < slow_mb_s || pace->commit_ms > slow_commit_ms) {
    findings.doubtful(line + ": slow; a worn card is replaced before it fails");
  } else {
    findings.fine(line);
  }
  const fs::path disk = in_sys(sys, state);
  if (disk.empty()) return;
  check_life(findings, disk);
  check_errors(findings, sys / "fs/ext4" / disk.filename());
}

}  // namespace jieding::commands
