#include "drivers/hj212_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace jieding::drivers::hj212 {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace boost::asio::experimental::awaitable_operators;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// How long a peer may refuse to take its answers.
constexpr std::chrono::seconds write_timeout{10};
/// Bursts of this many seconds' worth of frames pass at once: a station that was cut off catches
/// up.
constexpr double burst_seconds = 5;
constexpr std::size_t longest_quarantined = 4096;

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

asio::ip::address peer_of(const asio::ip::tcp::socket& socket) {
  error_code failed;
  const auto endpoint = socket.remote_endpoint(failed);
  return failed ? asio::ip::address{} : plain(endpoint.address());
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Hall& hall)
    : socket_(std::move(socket)),
      hall_(hall),
      peer_(peer_of(socket_)),
      pace_(hall.limits.frames_per_second, hall.limits.frames_per_second * burst_seconds, now()),
      changed_(socket_.get_executor(), Time::max()),
      watchdog_(socket_.get_executor(), Time::max()),
      pause_(socket_.get_executor()),
      idle_since_(now()) {}

asio::awaitable<void> Session::run() {
  co_await ((read() && write()) || watch());
  error_code ignored;
  socket_.close(ignored);
}

void Session::stop() {
  stopping_ = true;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
  pause_.cancel();
  wake();
}

asio::awaitable<void> Session::read() {
  std::array<char, 4096> chunk;
  while (!stopping_ && !broken_) {
    const auto [failed, count] = co_await socket_.async_read_some(asio::buffer(chunk), as_result);
    if (failed) break;
    finder_.push({chunk.data(), count});
    co_await read_frames();
  }
  if (!finder_.unfinished().empty() && !stopping_) {
    refuse("torn", "the connection ended inside a frame", "", std::string(finder_.unfinished()));
  }
  read_deadline_ = Time::max();
  reading_ = false;
  wake();
}

asio::awaitable<void> Session::read_frames() {
  read_deadline_ = Time::max();  // waiting for room or for the pace is our doing, not the peer's
  bool frame_seen = false;
  while (auto found = finder_.next()) {
    frame_seen = true;
    while (!stopping_ && !pace_.take(1, now())) {
      pause_.expires_after(pace_.wait(1, now()));
      co_await pause_.async_wait(as_result);
    }
    co_await wait_for_room();
    if (stopping_ || broken_) co_return;
    take(std::move(*found));
  }
  expect_input(frame_seen);
}

/// Half a frame must become whole in time, however slowly its bytes drip; only good frames keep a
/// connection from being idle.
void Session::expect_input(bool frame_seen) {
  const bool begun = !finder_.unfinished().empty();
  if (!begun) half_since_ = Time::max();
  if (begun && (frame_seen || half_since_ == Time::max())) half_since_ = now();
  read_deadline_ = idle_since_ + hall_.limits.idle;
  if (begun) read_deadline_ = std::min(read_deadline_, half_since_ + hall_.limits.half_frame);
  watchdog_.cancel();
}

asio::awaitable<void> Session::wait_for_room() {
  while (slots_.size() >= hall_.limits.in_flight && !stopping_ && !broken_) {
    co_await changed_.async_wait(as_result);
  }
}

asio::awaitable<void> Session::watch() {
  expect_input(false);
  while (true) {
    watchdog_.expires_at(std::min(read_deadline_, write_deadline_));
    co_await watchdog_.async_wait(as_result);
    if (std::min(read_deadline_, write_deadline_) > now()) continue;
    read_deadline_ = write_deadline_ = Time::max();
    error_code ignored;
    socket_.close(ignored);
    broken_ = true;
    wake();
  }
}

/// Sends what is settled at the front. Ends when nothing more can come, even over a broken
/// connection: a frame under commit is waited for, so that nobody outlives the listener.
asio::awaitable<void> Session::write() {
  while (reading_ || !slots_.empty()) {
    std::string answers;
    std::size_t settled = 0;
    while (settled < slots_.size() && slots_[settled]->settled)
      answers += slots_[settled++]->answer;
    if (settled == 0) {
      co_await changed_.async_wait(as_result);
      continue;
    }
    if (!answers.empty() && !broken_) {
      write_deadline_ = now() + write_timeout;
      watchdog_.cancel();
      const auto [failed, count] =
          co_await asio::async_write(socket_, asio::buffer(answers), as_result);
      write_deadline_ = Time::max();
      broken_ = broken_ || failed;
    }
    slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(settled));
    wake();
  }
}

void Session::take(Found found) {
  std::string device;
  auto judged = judge(found, device);
  if (!judged) {
    refuse(judged.error().code, judged.error().detail, device, std::move(found.bytes));
    return;
  }
  proven_ = true;
  idle_since_ = now();
  auto slot = std::make_shared<Slot>();
  slots_.push_back(slot);
  asio::co_spawn(socket_.get_executor(), commit(slot, std::move(*judged), std::move(found.bytes)),
                 [self = shared_from_this(), slot](std::exception_ptr) {
                   slot->settled = true;
                   self->wake();
                 });
}

/// Integrity before meaning, the sender before what it says.
Parsed<Session::Judged> Session::judge(const Found& found, std::string& device) const {
  if (!found.refused.empty()) return Complaint{found.refused, found.detail};
  auto message = parse(found.segment);
  if (!message) return message.error();
  const auto station = hall_.stations.find(message->mn);
  if (station == hall_.stations.end()) {
    return Complaint{"unknown_device", "no [[device]] has mn = \"" + message->mn + "\""};
  }
  const Station& known = station->second;
  device = known.device;
  if (!known.allow.empty() && !known.allow.contains(peer_)) {
    return Complaint{"address", "came from an address that `allow` of the device does not name"};
  }
  if (!known.pw.empty() && known.pw != message->pw) {
    return Complaint{"password", "PW is not the `pw` of the device"};
  }
  auto batch = readings(*message, known.dialect, known.device, hall_.clock.now());
  if (!batch) return batch.error();
  return Judged{std::move(*message), std::move(*batch)};
}

asio::awaitable<void> Session::commit(std::shared_ptr<Slot> slot, Judged judged,
                                      std::string bytes) {
  const std::string device = judged.batch.front().device;
  const auto accepted = co_await hall_.intake.readings(std::move(judged.batch));
  if (accepted) {
    if (judged.message.wants_answer()) slot->answer = answer(judged.message);
  } else if (accepted.error().kind() == Fault::Invalid) {
    refuse("rejected", accepted.error().text(), device, std::move(bytes));
  } else {
    hall_.unsaved.count(accepted.error().text());  // the station sends it again
  }
}

void Session::refuse(std::string_view reason, std::string detail, std::string device,
                     std::string bytes) {
  const std::string peer = peer_.to_string();
  hall_.refused.count(std::string(reason) + " from " + peer +
                      (device.empty() ? "" : " (" + device + ")") + ": " + detail);
  bytes.resize(std::min(bytes.size(), longest_quarantined));
  hall_.intake.refuse(
      {"hj212", peer, std::move(device), std::string(reason), std::move(detail), std::move(bytes)});
}

}  // namespace jieding::drivers::hj212
