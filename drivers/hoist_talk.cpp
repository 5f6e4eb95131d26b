#include "drivers/hoist_talk.hpp"

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <utility>

#include "drivers/hoist_codec.hpp"
#include "drivers/quoted.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::hoist {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_quarantined = 4096;
constexpr std::chrono::seconds write_limit{10};
/// A hoist tells one a second; what it stored while it was cut off comes in a burst. Faster ones
/// are read no faster.
constexpr double frames_per_second = 20;
constexpr double burst = 200;
/// Beyond this a hoist is given our time with the answer to its heartbeat.
constexpr std::chrono::minutes clock_set_beyond{1};
/// Beyond this it is a warning: it was told and did not take it, or never sends a heartbeat.
constexpr std::chrono::minutes clock_wrong_beyond{10};

std::string name_of(Command command) {
  return "command_" + std::to_string(static_cast<int>(command));
}

}  // namespace

Talk::Talk(Link& link, Hall& hall)
    : link_(link), hall_(hall), pace_(frames_per_second, burst, runtime_.now()), pause_(hall.io) {}

asio::awaitable<void> Talk::take(std::string bytes) {
  if (bytes.empty() && begun()) {
    refuse("torn", "no more came of a frame that had begun", finder_.unfinished());
    finder_.clear();
  }
  finder_.push(bytes);
  for (auto found = finder_.next(); found; found = finder_.next()) {
    if (auto* strange = std::get_if<Strange>(&*found)) {
      refuse(strange->reason, strange->detail, std::move(strange->bytes));
    } else {
      co_await wait_for_pace();
      co_await take_frame(std::move(std::get<Frame>(*found)));
    }
  }
}

asio::awaitable<void> Talk::wait_for_pace() {
  while (!pace_.take(1, runtime_.now())) {
    pause_.expires_after(pace_.wait(1, runtime_.now()));
    co_await pause_.async_wait(as_result);
  }
}

asio::awaitable<void> Talk::take_frame(Frame frame) {
  const Hoist* hoist = find(frame);
  if (hoist == nullptr) {
    const std::string serial = quoted(serial_number(frame));
    refuse("unknown_device", "no device has sn " + serial + " here", to_bytes(frame));
    co_return;
  }
  device_ = hoist->device;
  switch (frame.command) {
    case Command::Heartbeat:
      co_await answer_heartbeat(std::move(frame));
      break;
    case Command::Realtime:
    case Command::Stored:
      co_await store(std::move(frame));
      break;
    default:  // who drives, parameters, running time: nothing that is kept here
      hall_.intake.heard(device_);
      hall_.intake.count(device_, name_of(frame.command));
  }
}

asio::awaitable<void> Talk::answer_heartbeat(Frame frame) {
  hall_.intake.heard(device_);
  hall_.intake.count(device_, "heartbeat");
  const auto theirs = heartbeat_time(frame);
  const Stamp ours = hall_.clock.now();
  std::optional<Instant> set;
  if (ours.quality == TimeQuality::Synced &&
      (!theirs || std::chrono::abs(*theirs - ours.at) > clock_set_beyond)) {
    set = ours.at;
    hall_.intake.count(device_, "clock_set");
  }
  Frame answer = heartbeat_answer(frame, set);
  co_await write(std::move(answer));
}

asio::awaitable<void> Talk::store(Frame frame) {
  auto batch = readings(frame, device_, hall_.clock.now());
  if (!batch) {
    const std::string why = batch.error().text();
    refuse(why.substr(0, why.find(':')), why.substr(std::min(why.find(':') + 2, why.size())),
           to_bytes(frame));
    co_return;
  }
  const Reading first = batch->front();
  const auto accepted = co_await hall_.intake.readings(std::move(*batch));
  if (!accepted && accepted.error().kind() == Fault::Invalid) {
    refuse("rejected", accepted.error().text(), to_bytes(frame));
  } else if (!accepted) {  // a stored record is sent again: it is not answered
    hall_.unsaved.count(device_ + ": " + accepted.error().text());
  } else {
    watch_clock(frame, first);
    Frame answer = stored_answer(frame);
    if (frame.command == Command::Stored) co_await write(std::move(answer));
  }
}

asio::awaitable<void> Talk::write(Frame answer) {
  co_await link_.write(to_bytes(answer), runtime_.now() + write_limit);
}

const Hoist* Talk::find(const Frame& frame) const {
  const auto found = hall_.hoists.find(serial_number(frame));
  if (found == hall_.hoists.end()) return nullptr;
  const Hoist& hoist = found->second;
  if (hoist.allow.empty()) return &hoist;
  const auto peer = link_.peer();
  return peer && hoist.allow.contains(plain(*peer)) ? &hoist : nullptr;
}

void Talk::watch_clock(const Frame& frame, const Reading& reading) {
  const bool comparable =
      frame.command == Command::Realtime && reading.received.quality == TimeQuality::Synced;
  const auto off = reading.device_time - reading.received.at;
  if (!comparable || std::chrono::abs(off) <= clock_wrong_beyond) return;
  hall_.intake.health({device_, Health::Warning,
                       "its clock says " + to_rfc3339(reading.device_time) + ", ours " +
                           to_rfc3339(reading.received.at) +
                           "; it is told with each heartbeat, or set it"});
}

void Talk::refuse(std::string_view reason, const std::string& detail, std::string bytes) {
  hall_.refused.count(std::string(reason) + " from " + link_.where() +
                      (device_.empty() ? "" : " (" + device_ + ")") + ": " + detail);
  bytes = without_driver(std::move(bytes));
  bytes.resize(std::min(bytes.size(), longest_quarantined));
  hall_.intake.refuse(
      {"hoist", link_.where(), device_, std::string(reason), detail, std::move(bytes)});
}

}  // namespace jieding::drivers::hoist
