#include "sync/state_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "sync/file_system.hpp"

namespace jieding::sync {
namespace {

Result<void> make_folder(const std::filesystem::path& folder) {
  const std::filesystem::path parent = folder.has_parent_path() ? folder.parent_path() : ".";
  if (!std::filesystem::exists(parent)) {
    if (auto made = make_folder(parent); !made) return made;
  }
  const Result<bool> made = real_files().create_directory(folder);
  if (!made) return made.error();
  return *made ? real_files().sync_directory(parent) : Result<void>();
}

}  // namespace

Result<void> make_state_folder(const std::filesystem::path& state) {
  std::error_code code;
  std::filesystem::path absolute = std::filesystem::absolute(state, code);
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "state/"
  if (auto made = make_folder(absolute); !made) return made;
  return make_folder(absolute / "secrets");
}

Result<std::unique_ptr<StateLock>> StateLock::take(const std::filesystem::path& state) {
  const std::filesystem::path file = state / "lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return Error{Fault::Internal,
                 "open " + file.string() + ": " + std::generic_category().message(errno)};
  std::unique_ptr<StateLock> lock(new StateLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return Error{Fault::Conflict, "another gateway uses " + state.string() +
                                      "; stop it, or give this one its own storage.state"};
  return lock;
}

StateLock::~StateLock() {
  ::close(descriptor_);
}

}  // namespace jieding::sync
