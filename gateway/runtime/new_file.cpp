#include "gateway/runtime/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace jieding {
namespace {

Error there_already(const std::filesystem::path& path) {
  return {Fault::Conflict,
          path.string() + " is there already; name another file or add --force to replace it"};
}

}  // namespace

Result<void> may_make(const std::filesystem::path& path, bool replace) {
  std::error_code code;
  const auto there = std::filesystem::status(path, code);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
    return Error(Fault::Conflict, path.string() + " is no file; name another");
  if (!replace && std::filesystem::exists(there)) return there_already(path);
  return {};
}

NewFile::NewFile(std::filesystem::path path, std::filesystem::path unfinished, int descriptor,
                 bool replace)
    : path_(std::move(path)),
      unfinished_(std::move(unfinished)),
      descriptor_(descriptor),
      replace_(replace) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      unfinished_(std::move(other.unfinished_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      replace_(other.replace_) {}

NewFile::~NewFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(unfinished_.c_str());
}

Error NewFile::fault(const char* what) const {
  const int code = errno;
  return {code == ENOSPC || code == EDQUOT ? Fault::Full : Fault::Internal,
          std::string(what) + " " + path_.string() + ": " + std::generic_category().message(code)};
}

Result<NewFile> NewFile::begin(std::filesystem::path path, bool replace) {
  if (auto may = may_make(path, replace); !may) return may.error();
  std::filesystem::path unfinished = path;
  unfinished += "." + std::to_string(::getpid()) + ".part";
  const int descriptor =
      ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  NewFile file(std::move(path), std::move(unfinished), descriptor, replace);
  if (descriptor < 0) return file.fault("cannot write");
  return file;
}

Result<void> NewFile::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fault("cannot write");
    offset += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> NewFile::finish() {
  if (::fsync(descriptor_) != 0) return fault("cannot write");
  // Somebody may have put a file there meanwhile.
  const unsigned flags = replace_ ? 0U : unsigned{RENAME_NOREPLACE};
  if (::renameat2(AT_FDCWD, unfinished_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    if (errno == EEXIST) return there_already(path_);
    return fault("cannot write");
  }
  ::close(std::exchange(descriptor_, -1));
  return {};
}

}  // namespace jieding
