#include "gateway/runtime/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "gateway/runtime/spawn.hpp"

namespace jieding {
namespace {

constexpr std::size_t most_output = std::size_t{64} * 1024;

/// Both ends of a pipe, closed when it ends.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (int& end : ends)
      close_end(end);
  }
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

/// One channel of the program, until it closes it.
struct Channel {
  int from;
  std::string& said;
  bool open = true;

  void read() {
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(from, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) open = false;
    const auto room = most_output - said.size();
    if (open) said.append(piece.data(), std::min(room, static_cast<std::size_t>(count)));
  }
};

/// False: not ended in time. A program that closes both channels has no more to say.
bool read_until(std::chrono::steady_clock::time_point end, Channel first, Channel second) {
  while (first.open || second.open) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    std::array<pollfd, 2> wait{
        {{first.open ? first.from : -1, POLLIN, 0}, {second.open ? second.from : -1, POLLIN, 0}}};
    const int ready = ::poll(wait.data(), wait.size(), std::max(0, static_cast<int>(left.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if (wait[0].revents != 0) first.read();
    if (wait[1].revents != 0) second.read();
  }
  return true;
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<ProgramEnd> run_program(const std::vector<std::string>& words,
                               std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  Pipe output, complaints;
  if (!output.open() || !complaints.open())
    return Error{Fault::Internal, "no pipe: " + std::generic_category().message(errno)};
  pid_t pid = -1;
  const std::vector<int> descriptors{Spawn::nowhere, output.ends[1], complaints.ends[1]};
  if (const int rc = spawn({words.front(), words, descriptors, true, true}, pid); rc != 0)
    return Error{Fault::Unavailable,
                 "start " + words.front() + ": " + std::generic_category().message(rc)};
  Pipe::close_end(output.ends[1]);
  Pipe::close_end(complaints.ends[1]);
  ProgramEnd ended;
  const bool in_time =
      read_until(end, {output.ends[0], ended.output}, {complaints.ends[0], ended.complaints});
  if (!in_time) ::kill(-pid, SIGKILL);
  ended.status = reap(pid);
  if (in_time) return ended;
  return Error{Fault::Unavailable, words.front() + " took too long and was ended"};
}

}  // namespace jieding
