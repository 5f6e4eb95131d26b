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
constexpr std::chrono::milliseconds between_looks{200};  // for whether it shall stop

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

/// Whole lines out of what comes in pieces.
class Lines {
 public:
  explicit Lines(const ProgramWatch& watch) : watch_(watch) {}
  void take(std::string_view piece) {
    if (!watch_.line) return;
    begun_ += piece;
    std::size_t end = 0;
    while ((end = begun_.find('\n')) != std::string::npos) {
      watch_.line(std::string_view(begun_).substr(0, end));
      begun_.erase(0, end + 1);
    }
    if (begun_.size() > most_output) begun_.clear();
  }

 private:
  const ProgramWatch& watch_;
  std::string begun_;
};

/// One channel of the program, until it closes it.
struct Channel {
  int from;
  std::string& said;
  Lines* lines = nullptr;
  bool open = true;

  void read() {
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(from, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) open = false;
    const auto room = most_output - said.size();
    if (!open) return;
    const auto size = static_cast<std::size_t>(count);
    said.append(piece.data(), std::min(room, size));
    if (lines != nullptr) lines->take({piece.data(), size});
  }
};

/// False: not ended in time, or not before it shall stop. A program that closes both channels has
/// no more to say.
bool read_until(std::chrono::steady_clock::time_point end, const std::stop_token& stop,
                Channel first, Channel second) {
  while (first.open || second.open) {
    if (stop.stop_requested()) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    std::array<pollfd, 2> wait{
        {{first.open ? first.from : -1, POLLIN, 0}, {second.open ? second.from : -1, POLLIN, 0}}};
    if (left.count() <= 0) return false;
    const auto nap = static_cast<int>(std::min(left, between_looks).count());
    const int ready = ::poll(wait.data(), wait.size(), nap);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) return false;
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
                               std::chrono::milliseconds longest, const ProgramWatch& watch) {
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
  Lines lines(watch);
  const bool in_time = read_until(end, watch.stop, {output.ends[0], ended.output, &lines},
                                  {complaints.ends[0], ended.complaints});
  if (!in_time) ::kill(-pid, SIGKILL);
  ended.status = reap(pid);
  if (in_time) return ended;
  if (watch.stop.stop_requested())
    return Error{Fault::Unavailable, words.front() + " was told to stop"};
  return Error{Fault::Unavailable, words.front() + " took too long and was ended"};
}

}  // namespace jieding
