#include "gateway/mirror/mirror.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/commands/text_of.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::commands {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_answer = std::size_t{16} * 1024 * 1024;  // a stored picture is less

/// Rounds until it is told to stop, or one.
class Mirroring {
 public:
  Mirroring(asio::io_context& io, mirror::BoxVisit& box, mirror::Folder& folder, const Mirror& what)
      : box_(box),
        folder_(folder),
        what_(what),
        mirror_(box, folder, wall_, clock_,
                {std::chrono::seconds(what.every_s), what.most_pictures}),
        pause_(io) {}

  asio::awaitable<void> run() {
    while (!stopped_) {
      const auto done = co_await mirror_.round();
      good_ = done.has_value();
      tell(done);
      if (what_.once) {
        mirror_.sweep();
        co_return;
      }
      pause_.expires_after(std::chrono::seconds(what_.every_s));
      co_await pause_.async_wait(as_result);
      if (!stopped_) mirror_.sweep();
    }
  }

  void stop() {
    stopped_ = true;
    box_.cancel();
    pause_.cancel();
  }

  bool good() const { return good_; }
  bool stopped() const { return stopped_; }

 private:
  /// Each change once: a box that is away for a week is one line.
  void tell(const Result<void>& done) {
    if (stopped_) return;
    const std::string line = done ? folder_.path().string() + " is as the box is"
                                  : done.error().text() + "; the mirror shows the last state";
    if (line == told_) return;
    told_ = line;
    log::write(done ? log::Level::Info : log::Level::Warning, "mirror", line);
  }

  SystemClock wall_;
  RuntimeClock clock_;
  mirror::BoxVisit& box_;
  mirror::Folder& folder_;
  const Mirror& what_;
  mirror::Mirror mirror_;
  asio::steady_timer pause_;
  std::string told_;
  bool good_ = false;
  bool stopped_ = false;
};

int work(mirror::ViewerLink link, drivers::HttpAccess access, mirror::Folder folder,
         const Mirror& what) {
  asio::io_context io(1);
  mirror::BoxVisit box(io.get_executor(), std::move(link), std::move(access));
  Mirroring mirroring(io, box, folder, what);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (!cancelled) mirroring.stop();
  });
  asio::co_spawn(io, mirroring.run(), [&](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
    signals.cancel();
  });
  io.run();
  return mirroring.stopped() || mirroring.good() ? 0 : 1;
}

}  // namespace

int mirror(const Mirror& what) {
  auto link = mirror::read_viewer_link(text_of(what.link));
  if (!link) return complain(what.link + ": " + link.error().text(), 2);
  drivers::HttpAccess access;
  access.longest_body = longest_answer;
  access.ca_file = what.ca_file;
  access.fingerprint = drivers::normal_fingerprint(what.fingerprint);
  if (access.fingerprint.empty() && !what.fingerprint.empty())
    return complain("--fingerprint is 64 hex digits, with or without colons", 2);
  auto folder = mirror::Folder::open(what.out);
  if (!folder) return complain(folder.error());
  return work(std::move(*link), std::move(access), std::move(*folder), what);
}

}  // namespace jieding::commands
