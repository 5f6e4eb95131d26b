#include "drivers/decoder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/spawn.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

/// A 4K key frame needs some 300 MiB; a decoder that wants more is being fooled.
constexpr rlim_t most_memory = rlim_t{1} << 30U;
constexpr rlim_t most_cpu_seconds = 60;
constexpr std::size_t longest_complaint = 4096;

/// One key frame from the first video that the script names, as a JPEG. 16 megapixels, as vision;
/// the rate of frames does not matter and is not waited for.
constexpr std::string_view arguments_of_ffmpeg =
    "ffmpeg -v error -nostats -nostdin -f concat -safe 0 -protocol_whitelist pipe,rtsp,rtp,tcp "
    "-fpsprobesize 0 -skip_frame nokey -max_pixels 16000000 -threads 1 -i pipe:0 "
    "-map 0:v:0 -frames:v 1 -c:v mjpeg -q:v 2 -f image2pipe pipe:1";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    words.emplace_back(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(text.size(), words.back().size() + 1));
  }
  return words;
}

void bound(pid_t pid) {
  const rlimit memory{most_memory, most_memory};
  const rlimit cpu{most_cpu_seconds, most_cpu_seconds};
  const rlimit core{0, 0};
  prlimit(pid, RLIMIT_AS, &memory, nullptr);
  prlimit(pid, RLIMIT_CPU, &cpu, nullptr);
  prlimit(pid, RLIMIT_CORE, &core, nullptr);  // its memory holds a password
}

Error not_started(const std::filesystem::path& program, int code) {
  return {Fault::Unavailable,
          "start " + program.string() + ": " + std::strerror(code) +
              "; install FFmpeg (Debian: ffmpeg), or correct driver.rtsp.program"};
}

}  // namespace

/// A started program. Ends with it.
struct Decoder::Child {
  explicit Child(const asio::any_io_executor& io) : picture(io), complaints(io), watchdog(io) {}
  ~Child() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// 0, or what was wrong.
  int start(const std::string& program) {
    int first[2];
    int second[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, first) != 0) return errno;
    picture.assign({}, first[0]);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, second) != 0) {
      const int code = errno;
      ::close(first[1]);
      return code;
    }
    complaints.assign({}, second[0]);
    const std::vector<int> descriptors{first[1], first[1], second[1]};
    const int rc = spawn({program, words_of(arguments_of_ffmpeg), descriptors}, pid);
    ::close(first[1]);
    ::close(second[1]);
    if (rc == 0) bound(pid);
    return rc;
  }

  asio::awaitable<std::string> read(stream_protocol::socket& from, std::size_t most) {
    std::string all;
    std::array<char, 16 << 10> piece;
    while (all.size() <= most) {
      const auto [failed, count] = co_await from.async_read_some(asio::buffer(piece), as_result);
      if (failed) break;
      all.append(piece.data(), count);
    }
    co_return all;
  }

  stream_protocol::socket picture;
  stream_protocol::socket complaints;
  asio::steady_timer watchdog;
  pid_t pid = -1;
  bool late = false;
};

Decoder::Decoder(asio::any_io_executor io, std::filesystem::path program, Limits limits)
    : io_(std::move(io)), program_(std::move(program)), limits_(limits) {}

Decoder::~Decoder() = default;

asio::awaitable<Result<Decoder::Output>> Decoder::run(std::string script) {
  cancelled_ = false;
  child_ = std::make_unique<Child>(io_);
  Child& child = *child_;
  const int code = child.start(program_.string());
  if (code != 0) {
    child_.reset();
    co_return not_started(program_, code);
  }
  child.watchdog.expires_after(limits_.time);
  child.watchdog.async_wait([this, mine = &child](boost::system::error_code ended) {
    if (ended || child_.get() != mine) return;
    child_->late = true;
    ::kill(child_->pid, SIGKILL);
  });
  co_await asio::async_write(child.picture, asio::buffer(script), as_result);
  boost::system::error_code ignored;
  child.picture.shutdown(stream_protocol::socket::shutdown_send, ignored);
  Output output;
  output.picture = co_await child.read(child.picture, limits_.bytes);
  const bool too_long = output.picture.size() > limits_.bytes;
  if (too_long) ::kill(child.pid, SIGKILL);
  output.complaint = co_await child.read(child.complaints, longest_complaint);
  const bool late = child.late;
  child_.reset();
  if (cancelled_) co_return Error(Fault::Unavailable, "stopped");
  if (late) co_return Error(Fault::Unavailable, "no picture in time");
  if (too_long) co_return Error(Fault::TooMuch, "the picture is longer than allowed");
  co_return output;
}

void Decoder::cancel() {
  cancelled_ = true;
  if (child_) ::kill(child_->pid, SIGKILL);
}

}  // namespace jieding::drivers
