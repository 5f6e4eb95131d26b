#include "drivers/hj212_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "drivers/china_time.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::hj212 {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace boost::asio::experimental::awaitable_operators;

/// How long a peer may refuse to take its answers.
constexpr std::chrono::seconds write_timeout{10};
/// Bursts of this many seconds' worth of frames pass at once: a station that was cut off catches
/// up.
constexpr double burst_seconds = 5;
constexpr std::size_t longest_quarantined = 4096;

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Hall& hall)
    : socket_(std::move(socket)),
      hall_(hall),
      peer_(peer_of(socket_)),
      keys_(hall.stations, peer_),
      finder_(hall.limits.longest_segment, hall.stations.any_sealed() ? &keys_ : nullptr),
      pace_(hall.limits.frames_per_second, hall.limits.frames_per_second * burst_seconds, now()),
      changed_(socket_.get_executor(), Time::max()),
      watchdog_(socket_.get_executor(), Time::max()),
      pause_(socket_.get_executor()),
      number_(++hall.sessions),
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
      answers += written(*slots_[settled++]);
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
  note(*judged);
  auto slot = std::make_shared<Slot>();
  slots_.push_back(slot);
  if (judged->command != Command::Upload) return settle(*slot, *judged);
  asio::co_spawn(socket_.get_executor(), commit(slot, std::move(*judged), std::move(found.bytes)),
                 [self = shared_from_this(), slot](const std::exception_ptr&) {
                   slot->settled = true;
                   self->wake();
                 });
}

/// Integrity before meaning, the sender before what it says.
Parsed<Session::Judged> Session::judge(const Found& found, std::string& device) {
  if (!found.refused.empty()) return Complaint{found.refused, found.detail};
  auto message = parse(found.segment());
  if (!message) {
    // A checksum that is not HJ 212's vouches for nothing: then that is what is wrong.
    return beyond(found.used, harmless()).value_or(message.error());
  }
  Judged judged{};
  if (auto wrong = judge_sender(message->head, judged, device)) return *wrong;
  message->used.add(found.used);
  const bool in_the_clear = !found.encrypted() && message->head.cn.front() == '2';
  if (in_the_clear && !judged.station->seal.keys.empty()) message->used.add(Tolerance::Plaintext);
  if (auto wrong = beyond(message->used, judged.station->dialect.tolerated)) return *wrong;
  judged.command = command_of(message->head.cn);
  judged.used = message->used;
  if (judged.command == Command::Upload || judged.command == Command::Unknown) {
    if (auto wrong = judge_upload(*message, judged)) return *wrong;
  }
  const std::string_view pol_id = item_value(message->contents, "PolId");
  if (is_word(pol_id, 1, 24)) judged.pol_id = pol_id;
  judged.code = answer_code(message->contents, "ExeRtn");
  if (!judged.code) judged.code = answer_code(message->contents, "QnRtn");
  judged.head = std::move(message->head);
  return judged;
}

std::optional<Complaint> Session::judge_sender(const Head& head, Judged& judged,
                                               std::string& device) const {
  const auto& namesakes = hall_.stations.with(head.mn);
  if (namesakes.empty()) {
    return Complaint{"unknown_device", "no [[device]] has mn = \"" + head.mn + "\""};
  }
  device = namesakes.front().device;
  judged.station = hall_.stations.find(head.mn, peer_);
  if (judged.station == nullptr) {
    return Complaint{"address", "came from an address that `allow` of the device does not name"};
  }
  device = judged.station->device;
  if (!judged.station->pw.empty() && judged.station->pw != head.pw) {
    return Complaint{"password", "PW is not the `pw` of the device"};
  }
  return std::nullopt;
}

std::optional<Complaint> Session::judge_upload(const Message& message, Judged& judged) {
  const Head& head = message.head;
  const Station& station = *judged.station;
  std::optional<Instant> part_time;
  if (head.packets > 1) part_time = hall_.joiner.time_of(station.device, head.cn, head.packets);
  auto decoded = readings(message, station.dialect, station.device, hall_.clock.now(), part_time);
  if (!decoded) return decoded.error();
  judged.used.add(decoded->used);
  judged.batch = std::move(decoded->batch);
  if (head.packets == 1) return std::nullopt;
  judged.part =
      Part{station.device, head.cn, judged.batch.front().device_time, head.packets, head.packet};
  hall_.joiner.begin(*judged.part, now());
  return std::nullopt;
}

/// What people should see of a good frame: every tolerance that it used, and who else speaks.
void Session::note(Judged& judged) {
  const std::string& device = judged.station->device;
  for (const ToleranceWord& word : tolerance_words()) {
    if (judged.used.has(word.tolerance)) {
      hall_.intake.count(device, "tolerated." + std::string(word.name));
    }
  }
  if (judged.head.resent) hall_.intake.count(device, "resent");
  note_speaker(judged);
}

/// A station that connects anew speaks over its newest connection only. When an older one from
/// another address speaks again, there are two.
void Session::note_speaker(Judged& judged) {
  const std::string& device = judged.station->device;
  Speaker& last = hall_.speakers[device];
  const bool first_word = spoken_for_.insert(device).second;
  if (last.session != number_ && !first_word && last.peer != peer_) {
    judged.warning = "two stations use this MN: " + last.peer.to_string() + " and " +
                     peer_.to_string() + "; give each its own";
    hall_.intake.count(device, "two_senders");
  }
  last = {number_, peer_};
}

/// What needs no commit: a heartbeat, a request for the time, an answer to us.
void Session::settle(Slot& slot, const Judged& judged) {
  const std::string& device = judged.station->device;
  hall_.intake.heard(device);
  if (judged.command == Command::Answer) {
    hear_answer(judged);
  } else if (judged.head.wants_answer()) {
    slot.answer = notice_answer(judged.head);
  }
  if (judged.command == Command::Heartbeat) hall_.intake.count(device, "heartbeat");
  if (judged.command == Command::ClockRequest) {
    const bool trusted = hall_.clock.now().quality == TimeQuality::Synced;
    hall_.intake.count(device, trusted ? "clock_request" : "clock_request_unserved");
    if (trusted) slot.clock = ClockRequest{judged.head, judged.pol_id};
  }
  if (!judged.warning.empty()) {
    hall_.intake.health({device, Health::Warning, judged.warning});
  }
  slot.settled = true;
  wake();
}

/// 9011 (QnRtn) and 9012 (ExeRtn) for the clock that we set: 1 is well in both.
void Session::hear_answer(const Judged& judged) {
  if (clock_qn_.empty() || judged.head.qn != clock_qn_ || judged.code.value_or(1) == 1) return;
  hall_.intake.count(judged.station->device, "clock_refused");
  hall_.intake.health({judged.station->device, Health::Warning,
                       "asked for the time and did not take it: answered CN " + judged.head.cn +
                           " with " + std::to_string(*judged.code)});
}

std::string Session::written(const Slot& slot) {
  if (!slot.clock) return slot.answer;
  const Instant time = hall_.clock.now().at;
  clock_qn_ = local_digits(time);
  return slot.answer + set_clock(slot.clock->head, slot.clock->pol_id, time);
}

asio::awaitable<void> Session::commit(std::shared_ptr<Slot> slot, Judged judged,
                                      std::string bytes) {
  Batch batch = std::exchange(judged.batch, {});
  judged.batch.push_back(batch.front());
  const auto accepted = co_await hall_.intake.readings(std::move(batch));
  if (accepted) {
    settle_upload(*slot, judged, *accepted);
  } else if (accepted.error().kind() == Fault::Invalid) {
    refuse("rejected", accepted.error().text(), judged.station->device, std::move(bytes));
  } else {
    hall_.unsaved.count(accepted.error().text());  // the station sends it again
  }
}

void Session::settle_upload(Slot& slot, const Judged& judged, const Accepted& accepted) {
  slot.answer = due_answers(judged);
  if (accepted.conflicting > 0) hall_.intake.count(judged.station->device, "conflicting");
  const std::string complaint = complaint_of(judged, accepted);
  if (complaint.empty()) return;
  hall_.intake.health({judged.station->device, Health::Warning, complaint});
}

std::string Session::due_answers(const Judged& judged) {
  std::string own;
  if (judged.head.wants_answer()) own = data_answer(judged.head, judged.station->reply);
  if (!judged.part) return own;
  std::string all;
  const auto due =
      hall_.joiner.commit(*judged.part, std::move(own), judged.station->answer_whole, now());
  for (const std::string& each : due)
    all += each;
  hall_.report(hall_.joiner.give_up(now()));
  return all;
}

/// What is odd about a frame that was stored; empty: nothing.
std::string Session::complaint_of(const Judged& judged, const Accepted& accepted) const {
  if (!judged.warning.empty()) return judged.warning;
  if (accepted.conflicting > 0) {
    return "sent other values for a time that had some already, kept beside them: its clock went "
           "back, or two stations use this MN";
  }
  const Reading& first = judged.batch.front();
  const bool comparable = first.statistic.period == Period::Realtime && !judged.head.resent &&
                          judged.head.cn == "2011" && first.received.quality == TimeQuality::Synced;
  const auto off = first.device_time - first.received.at;
  if (!comparable || std::chrono::abs(off) <= hall_.limits.clock_error) return {};
  return "its clock says " + to_rfc3339(first.device_time) + ", ours " +
         to_rfc3339(first.received.at) + "; set it";
}

void Hall::report(const std::vector<Incomplete>& given_up) {
  for (const Incomplete& each : given_up) {
    refused.count("incomplete (" + each.device + "): " + each.detail);
    intake.refuse({"hj212", "", each.device, "incomplete", each.detail, ""});
    intake.health({each.device, Health::Warning, each.detail});
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
