#include "vision/child.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "gateway/runtime/spawn.hpp"

namespace jieding::vision {

Result<Child> start_child(const std::filesystem::path& program) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return Error(Fault::Internal, std::string("socketpair: ") + std::strerror(errno));
  Child child{-1, pair[0]};
  // Its log is ours; the socket is its descriptor 3.
  const std::vector<int> descriptors{Spawn::nowhere, Spawn::nowhere, STDERR_FILENO, pair[1]};
  static_assert(socket_descriptor == 3);
  const int rc = spawn({program.string(), {program.string()}, descriptors}, child.pid);
  ::close(pair[1]);
  if (rc == 0) return child;
  ::close(pair[0]);
  return Error(Fault::Unavailable, "start " + program.string() + ": " + std::strerror(rc));
}

bool has_ended(pid_t pid) {
  return waitpid(pid, nullptr, WNOHANG) != 0;
}

void end_child(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace jieding::vision
