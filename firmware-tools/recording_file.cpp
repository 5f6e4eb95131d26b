#include "firmware-tools/recording_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace jieding::tools {

RecordingFile::RecordingFile(std::filesystem::path path, int descriptor, std::size_t most_bytes)
    : path_(std::move(path)), descriptor_(descriptor), most_bytes_(most_bytes) {}

RecordingFile::RecordingFile(RecordingFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      most_bytes_(other.most_bytes_),
      size_(other.size_) {}

RecordingFile::~RecordingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error RecordingFile::fault() const {
  const int code = errno;
  return {code == ENOSPC || code == EDQUOT ? Fault::Full : Fault::Internal,
          "write " + path_.string() + ": " + std::generic_category().message(code)};
}

Result<RecordingFile> RecordingFile::create(const std::filesystem::path& path, bool replace,
                                            std::size_t most_bytes) {
  const int fresh = replace ? O_TRUNC : O_EXCL;
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | fresh, 0600);
  if (descriptor < 0 && errno == EEXIST) {
    return Error{Fault::Conflict, path.string() +
                                      " is there already; name another file or add --force to "
                                      "replace it"};
  }
  RecordingFile file(path, descriptor, most_bytes);
  if (descriptor < 0) return file.fault();
  return file;
}

Result<void> RecordingFile::append(std::string_view line) {
  if (size_ + line.size() > most_bytes_) {
    return Error{Fault::TooMuch, path_.string() + " is as large as it may be"};
  }
  size_ += line.size();
  while (!line.empty()) {
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fault();
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> RecordingFile::sync() {
  if (::fsync(descriptor_) != 0) return fault();
  return {};
}

Result<Recording> read_recording(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) {
    return Error{Fault::NotFound, path.string() + ": " + failed.message() + "; name a recording"};
  }
  if (size > longest_recording) {
    return Error{Fault::Invalid, path.string() + ": longer than 64 MiB; cut it"};
  }
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  auto recording = parse_recording(text.str());
  if (!recording) return recording.error().in(path.string());
  return recording;
}

}  // namespace jieding::tools
