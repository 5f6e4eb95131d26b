#include "firmware-tools/recorder.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <iostream>

#include "gateway/runtime/as_result.hpp"

namespace jieding::tools {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds pause_after_failure{500};

}  // namespace

Recorder::Recorder(const asio::any_io_executor& io, Port& device, Port* other_side,
                   RecordingFile& file, bool keep_secrets)
    : io_(io),
      device_(device),
      other_side_(other_side),
      file_(file),
      keep_secrets_(keep_secrets),
      timer_(io) {}

asio::awaitable<Result<void>> Recorder::run() {
  Result<void> outcome;
  while (!stopping_) {
    outcome = co_await open();
    if (stopping_) break;
    if (outcome) {
      note(Happening::Opened, {});
      co_await talk();
      note(Happening::Closed, {});
    }
    hang_up();
    if (!comes_again()) break;
    if (outcome) continue;
    std::cerr << "jieding-link: " << outcome.error().text() << std::endl;
    timer_.expires_after(pause_after_failure);
    co_await timer_.async_wait(as_result);
  }
  if (failed_) co_return *failed_;
  auto synced = file_.sync();
  if (!synced) co_return synced;
  if (stopping_) co_return Result<void>{};
  co_return outcome;
}

void Recorder::stop() {
  stopping_ = true;
  timer_.cancel();
  for (Port* port : {&device_, other_side_})
    if (port != nullptr) port->shut();
}

/// Who waits for others is opened first: the other end is bothered only when somebody is there.
asio::awaitable<Result<void>> Recorder::open() {
  std::array<Port*, 2> order{&device_, other_side_};
  if (other_side_ != nullptr && other_side_->waits_for_others()) std::swap(order[0], order[1]);
  for (Port* port : order) {
    if (port == nullptr || stopping_) continue;
    auto opened = co_await port->open();
    if (!opened) co_return opened;
  }
  co_return Result<void>{};
}

bool Recorder::comes_again() const {
  return device_.waits_for_others() || (other_side_ != nullptr && other_side_->waits_for_others());
}

void Recorder::hang_up() {
  device_.close();
  if (other_side_ != nullptr) other_side_->close();
}

asio::awaitable<void> Recorder::talk() {
  if (other_side_ != nullptr) {
    carrying_back_ = true;
    asio::co_spawn(io_, carry(*other_side_, &device_, Happening::ToDevice),
                   [this](const std::exception_ptr&) {
                     carrying_back_ = false;
                     timer_.cancel();
                   });
  }
  co_await carry(device_, other_side_, Happening::FromDevice);
  while (carrying_back_) {
    timer_.expires_at(asio::steady_timer::time_point::max());
    co_await timer_.async_wait(as_result);
  }
}

/// One way of the talk; its end is the end of the other way.
asio::awaitable<void> Recorder::carry(Port& from, Port* into, Happening what) {
  while (!stopping_) {
    auto came = co_await from.read();
    if (!came || came->empty()) break;
    note(what, *came);
    if (into == nullptr) continue;
    const auto passed = co_await into->write(std::move(*came));
    if (!passed) break;
  }
  hang_up();
}

void Recorder::note(Happening what, std::string bytes) {
  const auto at =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
  chunks_ += bytes.empty() ? 0 : 1;
  bytes_ += bytes.size();
  Event event{at, what, std::move(bytes)};
  if (keep_secrets_) return write(std::move(event));
  mask_.push(std::move(event));
  write(mask_.next());
}

/// And what may be written behind it.
void Recorder::write(std::optional<Event> event) {
  for (; event && !failed_; event = mask_.next()) {
    const auto written = file_.append(event_line(*event));
    if (written) continue;
    failed_ = written.error();
    stop();
  }
}

}  // namespace jieding::tools
