#include "vision/talk.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace jieding::vision {
namespace {

bool read_exactly(int socket, std::string& into, std::size_t size) {
  into.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(socket, into.data() + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

std::optional<Result<wire::Message>> receive(int socket) {
  std::string bytes;
  if (!read_exactly(socket, bytes, wire::prefix_size)) return {};
  const auto prefix = wire::decode_prefix(bytes);
  if (!prefix) return Result<wire::Message>(prefix.error());
  if (!read_exactly(socket, bytes, prefix->sizes())) return {};
  const auto sizes = wire::decode_sizes(*prefix, bytes);
  if (!sizes) return Result<wire::Message>(sizes.error());
  wire::Message message;
  if (!read_exactly(socket, message.header, prefix->header)) return {};
  for (const std::size_t size : *sizes)
    if (!read_exactly(socket, message.blobs.emplace_back(), size)) return {};
  return Result<wire::Message>(std::move(message));
}

bool send(int socket, const wire::Message& message) {
  return write_all(socket, wire::encode(message));
}

Result<AskedChild> AskedChild::start(const std::filesystem::path& program,
                                     std::chrono::seconds limit) {
  const Result<Child> child = start_child(program);
  if (!child) return child.error();
  const timeval wait{limit.count(), 0};
  ::setsockopt(child->socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(child->socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  return AskedChild(*child, program.filename().string());
}

AskedChild::AskedChild(AskedChild&& other) noexcept
    : child_(std::exchange(other.child_, {})), name_(std::move(other.name_)) {}

AskedChild::~AskedChild() {
  if (child_.pid <= 0) return;
  ::close(child_.socket);
  end_child(child_.pid);
}

Result<wire::Message> AskedChild::ask(const wire::Message& message) {
  auto answer = send(child_.socket, message) ? receive(child_.socket) : std::nullopt;
  if (answer) return std::move(*answer);
  return Error(Fault::Unavailable, name_ + " died or gave no answer in time");
}

}  // namespace jieding::vision
