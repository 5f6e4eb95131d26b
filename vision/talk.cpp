#include "vision/talk.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <span>
#include <utility>

#include "vision/lock_down.hpp"

namespace jieding::vision {
namespace {

bool fill(int socket, std::span<char> room) {
  while (!room.empty()) {
    const ssize_t n = ::read(socket, room.data(), room.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    room = room.subspan(static_cast<std::size_t>(n));
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

int complain(const std::string& name, const std::string& what, int status) {
  std::fprintf(stderr, "%s: %s\n", name.c_str(), what.c_str());
  return status;
}

int serve(const std::string& name, const Answer& answer) {
  while (auto message = receive(socket_descriptor)) {
    const auto said = *message ? answer(std::move(**message)) : *message;
    if (!said) return complain(name, said.error().text(), 1);
    if (!send(socket_descriptor, *said)) return 0;
  }
  return 0;
}

}  // namespace

int be_child(const std::string& name, const std::function<Answer()>& begin) {
  lock_down();
  if (::fcntl(socket_descriptor, F_GETFD) < 0)
    return complain(name, "started by jieding, not by hand (no socket on descriptor 3)", 2);
  try {
    return serve(name, begin());
  } catch (const std::exception& fault) {
    return complain(name, fault.what(), 1);
  }
}

std::optional<Result<wire::Message>> receive(int socket) {
  wire::Incoming incoming;
  while (!incoming.whole()) {
    if (!fill(socket, incoming.room())) return {};
    if (const auto filled = incoming.filled(); !filled)
      return Result<wire::Message>(filled.error());
  }
  return Result<wire::Message>(incoming.take());
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
