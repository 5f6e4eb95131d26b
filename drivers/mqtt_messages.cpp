// What a device publishes: judged, handed in together with what came beside it, and answered in the
// order of arrival once it is committed. The connection itself: mqtt_session.cpp.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <iterator>
#include <utility>

#include "drivers/mqtt_answer.hpp"
#include "drivers/mqtt_session.hpp"
#include "drivers/pack.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::mqtt {
namespace {

namespace asio = boost::asio;

/// Payloads of one connection that wait for their commit.
constexpr std::size_t most_bytes_in_flight = 2 * pack::longest_body;
constexpr std::string_view topic_root = "jieding/v1/push/";
constexpr std::string_view readings_topic = "readings";

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

/// `jieding/v1/push/DEVICE/readings`, and DEVICE is who signed in.
Violation topic_fault(std::string_view topic, const std::string& device) {
  const std::string mine = std::string(topic_root) + device + "/" + std::string(readings_topic);
  if (topic == mine) return {Reason::Success, {}};
  std::string_view rest = topic.substr(std::min(topic.size(), topic_root.size()));
  const auto slash = rest.find('/');
  const bool of_our_form = topic.starts_with(topic_root) && slash != std::string_view::npos &&
                           rest.substr(slash + 1) == readings_topic;
  return {of_our_form ? Reason::NotAuthorised : Reason::TopicNameInvalid, "publish to " + mine};
}

/// The batches of all messages as one. The messages keep their payloads, to be read again.
Batch merged(std::vector<Batch*> parts) {
  if (parts.size() == 1) return std::move(*parts.front());
  Batch all;
  for (Batch* part : parts)
    all.insert(all.end(), std::make_move_iterator(part->begin()),
               std::make_move_iterator(part->end()));
  return all;
}

Reason reason_of(Fault fault) {
  return fault == Fault::Full ? Reason::QuotaExceeded : Reason::ServerBusy;
}

}  // namespace

asio::awaitable<void> Session::take_publish(const Packet& packet) {
  const auto publish = parse_publish(packet, version_);
  if (!publish) {
    violated(publish.error());
    co_return;
  }
  if (!has_room()) co_await wait_for_room();
  Message message = judge(*publish);
  if (ending_) co_return;
  const double readings = static_cast<double>(std::max<std::size_t>(1, message.batch.size()));
  if (!sender_->pace.take(readings, now())) co_await wait_for_pace(readings);
  ++in_flight_;
  gathered_bytes_ += message.payload.size();
  bytes_in_flight_ += message.payload.size();
  gathered_.push_back(std::move(message));
}

bool Session::has_room() const {
  return in_flight_ < hall_.limits.in_flight && bytes_in_flight_ < most_bytes_in_flight;
}

/// Who sends more than CONNACK allows (3.1.1 clients do not know it, MQTT.js 5.16 does not heed it)
/// is not thrown out (5.0 §4.9) but not read: TCP holds it back, and nothing is lost.
asio::awaitable<void> Session::wait_for_room() {
  hand_in();
  while (!has_room() && !ending_ && !broken_) {
    co_await changed_.async_wait(as_result);
  }
}

asio::awaitable<void> Session::wait_for_pace(double readings) {
  hand_in();
  while (!ending_ && !sender_->pace.take(readings, now())) {
    pause_.expires_after(sender_->pace.wait(readings, now()));
    co_await pause_.async_wait(as_result);
  }
}

/// Integrity before meaning, the sender before what it says.
Session::Message Session::judge(const Publish& publish) {
  Message message;
  message.id = publish.id;
  const auto refused = [&](Reason reason, std::string_view code, const std::string& detail) {
    message.reason = reason;
    message.detail = detail;
    refuse(code, detail, sender_->device, publish.payload);
  };
  if (const Violation fault = topic_fault(publish.topic, sender_->device);
      fault.reason != Reason::Success) {
    refused(fault.reason, "topic", fault.detail);
    if (version_ == Version::V311) say_farewell(fault.reason);
    return message;
  }
  message.received = hall_.clock.now();
  if (publish.qos > 0) {
    message.received =
        sender_->arrivals.stamp_of(publish.id, publish.payload, publish.again, message.received);
  }
  auto batch = pack::parse(publish.payload, pack::Form::Either,
                           {hall_.site, sender_->device, message.received}, sender_->dialect);
  if (!batch) {
    const bool foreign = batch.error().kind() == Fault::Refused;
    const bool large = batch.error().kind() == Fault::TooMuch;
    refused(foreign ? Reason::NotAuthorised : Reason::PayloadFormatInvalid,
            foreign ? "foreign_device"
            : large ? "too_large"
                    : "format",
            batch.error().text());
    return message;
  }
  message.payload = publish.payload;
  message.batch = std::move(*batch);
  return message;
}

void Session::hand_in() {
  if (gathered_.empty()) return;
  auto slot = std::make_shared<Slot>();
  slot->messages = gathered_.size();
  slot->bytes = std::exchange(gathered_bytes_, 0);
  slots_.push_back(slot);
  asio::co_spawn(line_->socket().get_executor(), commit(slot, std::exchange(gathered_, Messages{})),
                 [self = shared_from_this(), slot](const std::exception_ptr&) {
                   slot->settled = true;
                   self->wake();
                 });
}

asio::awaitable<void> Session::commit(std::shared_ptr<Slot> slot, Messages messages) {
  std::vector<Batch*> parts;
  for (Message& each : messages)
    if (!each.batch.empty()) parts.push_back(&each.batch);
  if (!parts.empty()) {
    Batch all = merged(std::move(parts));
    const auto accepted = co_await hall_.intake.readings(std::move(all));
    const bool one_spoils = !accepted && accepted.error().kind() == Fault::Invalid;
    for (Message& each : messages) {
      if (each.reason != Reason::Success) continue;
      if (one_spoils) {
        const auto alone = co_await commit_alone(each);
        settle(each, alone);
      } else if (!accepted) {
        give_up(accepted.error());
        co_return;
      }
    }
  }
  for (const Message& each : messages)
    slot->answers += answer(each);
}

/// The batch went into the group that was refused: the payload is read as it was then.
asio::awaitable<Result<Accepted>> Session::commit_alone(const Message& message) {
  const senml::Sender sender{hall_.site, sender_->device, message.received};
  auto batch = pack::parse(message.payload, pack::Form::Either, sender, sender_->dialect);
  if (!batch) co_return batch.error();
  auto accepted = co_await hall_.intake.readings(std::move(*batch));
  co_return accepted;
}

void Session::settle(Message& message, const Result<Accepted>& accepted) {
  if (accepted) return;
  if (accepted.error().kind() != Fault::Invalid) {
    message.id = 0;  // it is not on the disk: no answer, the device sends it again
    return give_up(accepted.error());
  }
  message.reason = Reason::PayloadFormatInvalid;
  message.detail = accepted.error().text();
  refuse("rejected", message.detail, sender_->device, message.payload);
}

std::string Session::answer(const Message& message) const {
  if (message.id == 0) return {};
  return puback(version_, message.id, message.reason, wants_reasons_ ? message.detail : "",
                longest_answer_);
}

/// Without its PUBACK a message is sent again, but only over a new connection.
void Session::give_up(const Error& error) {
  hall_.unsaved.count(sender_->device + ": " + error.text());
  end(reason_of(error.kind()));
}

void Session::collect_answers() {
  while (!slots_.empty() && slots_.front()->settled) {
    const Slot& slot = *slots_.front();
    out_ += slot.answers;
    in_flight_ -= slot.messages;
    bytes_in_flight_ -= slot.bytes;
    slots_.pop_front();
    wake();
  }
}

}  // namespace jieding::drivers::mqtt
