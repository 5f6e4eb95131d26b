#include "gateway/runtime/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

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
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

/// A program that leads a process group of its own, so that what it starts ends with it.
int spawn(std::vector<std::string> words, int output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, output, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int rc =
      posix_spawn(&pid, words.front().c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return rc;
}

/// False: not ended in time. A program that closes its output has no more to say.
bool read_until(int from, std::chrono::steady_clock::time_point end, std::string& output) {
  std::array<char, 4096> piece{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd wait{from, POLLIN, 0};
    const int ready = ::poll(&wait, 1, std::max(0, static_cast<int>(left.count())));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t count = ::read(from, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    const auto room = most_output - output.size();
    output.append(piece.data(), std::min(room, static_cast<std::size_t>(count)));
  }
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
  Pipe pipe;
  if (::pipe2(pipe.ends.data(), O_CLOEXEC) != 0)
    return Error{Fault::Internal, "no pipe: " + std::generic_category().message(errno)};
  pid_t pid = -1;
  if (const int rc = spawn(words, pipe.ends[1], pid); rc != 0)
    return Error{Fault::Unavailable,
                 "start " + words.front() + ": " + std::generic_category().message(rc)};
  Pipe::close_end(pipe.ends[1]);
  ProgramEnd ended;
  const bool in_time = read_until(pipe.ends[0], end, ended.output);
  if (!in_time) ::kill(-pid, SIGKILL);
  ended.status = reap(pid);
  if (in_time) return ended;
  return Error{Fault::Unavailable, words.front() + " took too long and was ended"};
}

}  // namespace jieding
