#include "sync/disk_room.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <limits>
#include <string>
#include <utility>

#include "gateway/runtime/log.hpp"

namespace jieding::sync {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds ask_every{250};
constexpr std::chrono::seconds restore_every{1};
constexpr std::int64_t tight_bytes = 256 << 10;  // a few dozen milestone events

bool allocate(const std::filesystem::path& file, std::int64_t bytes) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  const bool allocated = ::posix_fallocate(descriptor, 0, bytes) == 0;
  ::close(descriptor);
  if (!allocated) ::unlink(file.c_str());
  return allocated;
}

}  // namespace

DiskRoom::DiskRoom(std::filesystem::path state, std::int64_t keep_free_bytes,
                   std::int64_t reserve_bytes)
    : state_(std::move(state)),
      reserve_(state_ / "reserve"),
      keep_free_bytes_(keep_free_bytes),
      reserve_bytes_(reserve_bytes) {
  restore_reserve();
}

std::int64_t DiskRoom::free_bytes() const {
  struct statvfs room {};
  if (::statvfs(state_.c_str(), &room) != 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(room.f_bavail) * static_cast<std::int64_t>(room.f_frsize);
}

Result<void> DiskRoom::check() {
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  if (free_ < 0 || now - asked_ >= ask_every) {
    free_ = free_bytes();
    asked_ = now;
  }
  if (free_ >= keep_free_bytes_) return {};
  return Error{Fault::Full, "the disk of " + state_.string() + " has " +
                                std::to_string(free_ >> 20) + " MB free, storage.keep_free_mb is " +
                                std::to_string(keep_free_bytes_ >> 20) +
                                ": nothing was stored; make room"};
}

bool DiskRoom::release_reserve_if_tight() {
  if (free_bytes() >= tight_bytes) return true;
  if (!reserve_there_) return false;
  reserve_there_ = false;
  given_up_ = true;
  log::warning("disk", "full: the reserve is given up so that milestones still go; make room");
  next_restore_ = steady_clock::now() + restore_every;
  return ::unlink(reserve_.c_str()) == 0;
}

void DiskRoom::restore_reserve() {
  if (reserve_there_ || steady_clock::now() < next_restore_) return;
  next_restore_ = steady_clock::now() + restore_every;
  std::error_code code;
  const auto there = std::filesystem::file_size(reserve_, code);
  const bool whole = !code && static_cast<std::int64_t>(there) >= reserve_bytes_;
  // Allocated only with room to spare above the mark, or giving it up would be followed at once
  // by taking the same room again.
  if (!whole &&
      (free_bytes() < keep_free_bytes_ + reserve_bytes_ || !allocate(reserve_, reserve_bytes_)))
    return;
  reserve_there_ = true;
  given_up_ = false;
}

}  // namespace jieding::sync
