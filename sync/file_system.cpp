#include "sync/file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace jieding::sync {
namespace {

Error trouble(std::string_view what, const std::filesystem::path& path, int code) {
  const Fault fault = code == ENOSPC || code == EDQUOT ? Fault::Full
                      : code == ENOENT                 ? Fault::NotFound
                                                       : Fault::Internal;
  return {fault,
          std::string(what) + " " + path.string() + ": " + std::generic_category().message(code)};
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

class RealFiles final : public FileSystem {
 public:
  Result<bool> create_directory(const std::filesystem::path& path) override {
    if (::mkdir(path.c_str(), 0700) == 0) return true;
    if (errno == EEXIST) return false;
    return trouble("make folder", path, errno);
  }

  Result<void> write_synced(const std::filesystem::path& path, std::string_view bytes) override {
    const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.open()) return trouble("write", path, errno);
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(file.number(), bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return trouble("write", path, errno);
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    if (::fsync(file.number()) != 0) return trouble("fsync", path, errno);
    return {};
  }

  Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return trouble("rename to", to, errno);
    return {};
  }

  Result<void> sync_directory(const std::filesystem::path& path) override {
    const Descriptor folder(path, O_RDONLY | O_DIRECTORY);
    if (!folder.open()) return trouble("open", path, errno);
    if (::fsync(folder.number()) != 0) return trouble("fsync", path, errno);
    return {};
  }

  Result<std::string> read(const std::filesystem::path& path) override {
    std::ifstream file(path, std::ios::binary);
    if (!file) return trouble("read", path, errno);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (file.bad()) return trouble("read", path, EIO);
    return bytes;
  }

  Result<void> remove(const std::filesystem::path& path) override {
    if (::unlink(path.c_str()) != 0) return trouble("delete", path, errno);
    return {};
  }

  Result<std::vector<std::string>> list(const std::filesystem::path& path) override {
    std::error_code code;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator entry(path, code), end; !code && entry != end;
         entry.increment(code))
      names.push_back(entry->path().filename().string());
    if (code && code != std::errc::no_such_file_or_directory)
      return trouble("list", path, code.value());
    return names;
  }
};

}  // namespace

FileSystem& real_files() {
  static RealFiles files;
  return files;
}

Result<void> write_atomically(FileSystem& files, const std::filesystem::path& path,
                              std::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  Result<void> written = files.write_synced(temporary, bytes);
  if (written) written = files.rename(temporary, path);
  if (!written) {
    (void)files.remove(temporary);
    return written;
  }
  return files.sync_directory(path.parent_path());
}

}  // namespace jieding::sync
