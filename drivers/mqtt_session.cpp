#include "drivers/mqtt_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <utility>

#include "drivers/address.hpp"
#include "drivers/mqtt_answer.hpp"
#include "drivers/pack.hpp"

namespace jieding::drivers::mqtt {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace boost::asio::experimental::awaitable_operators;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using std::chrono::milliseconds;

/// How long a peer may refuse to take its answers, and to say good-bye.
constexpr std::chrono::seconds write_timeout{10};
constexpr std::chrono::seconds farewell_timeout{1};
constexpr std::size_t longest_connect = std::size_t{16} * 1024;
constexpr std::size_t longest_client = 256;
constexpr std::size_t longest_quarantined = 4096;
/// Payloads of one connection that wait for their commit.
constexpr std::size_t most_bytes_in_flight = 2 * pack::longest_body;
constexpr std::size_t most_unsent = 4096;
constexpr std::size_t most_connections_of_a_device = 4;
constexpr std::uint32_t never = 0xFFFFFFFF;
constexpr std::string_view topic_root = "jieding/v1/push/";
constexpr std::string_view readings_topic = "readings";

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

bool starts_with_connect(std::string_view bytes) {
  return bytes.empty() ||
         static_cast<std::uint8_t>(bytes.front()) >> 4 == static_cast<std::uint8_t>(Type::Connect);
}

/// Compares with a token even for an unknown user, so that time does not tell who is known.
Sender* authenticate(Senders& senders, const std::string& user, const std::string& password) {
  static const TokenDigest nobodys{};
  const auto found = senders.find(user);
  const bool known = found != senders.end();
  const bool right = same_token(digest_of_token(password), known ? found->second.token : nobodys);
  return known && right ? &found->second : nullptr;
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

std::string_view code_of(Reason reason) {
  switch (reason) {
    case Reason::NotAuthorised:
    case Reason::TopicNameInvalid:
      return "topic";
    case Reason::PacketTooLarge:
      return "too_large";
    case Reason::QosNotSupported:
      return "qos";
    case Reason::Malformed:
      return "malformed";
    case Reason::PayloadFormatInvalid:
      return "format";
    default:
      return "protocol";
  }
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

Session::Session(std::unique_ptr<Line> line, Hall& hall)
    : line_(std::move(line)),
      hall_(hall),
      peer_(peer_of(line_->socket())),
      changed_(line_->socket().get_executor(), Time::max()),
      watchdog_(line_->socket().get_executor(), Time::max()),
      pause_(line_->socket().get_executor()),
      opened_(now()),
      heard_(opened_) {}

Session::~Session() {
  if (sender_ == nullptr) return;
  std::erase(sender_->connections, this);
  if (sender_->kept_client != client_) return;
  sender_->kept_until =
      session_expiry_ == never ? Time::max() : now() + std::chrono::seconds{session_expiry_};
}

asio::awaitable<void> Session::run() {
  expect_input(false);
  co_await (serve() || watch());
  error_code ignored;
  line_->socket().close(ignored);
}

asio::awaitable<void> Session::serve() {
  co_await (read() && write());
  co_await leave();
}

void Session::end(Reason reason) {
  if (ending_) return;
  say_farewell(reason);
  error_code ignored;
  line_->socket().shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
}

void Session::say_farewell(Reason reason) {
  ending_ = true;
  if (sender_ != nullptr) farewell_ = disconnect(version_, reason);
  pause_.cancel();
  wake();
}

asio::awaitable<void> Session::read() {
  const bool open = co_await line_->open();
  std::array<char, 4096> chunk;
  while (open && !ending_) {
    const Line::Received received = co_await line_->read(asio::buffer(chunk));
    if (received.ended) break;
    in_.append(chunk.data(), received.count);
    co_await read_packets();
  }
  read_deadline_ = Time::max();
  reading_ = false;
  wake();
}

asio::awaitable<void> Session::read_packets() {
  read_deadline_ = Time::max();  // waiting for room or for the pace is our doing, not the peer's
  std::size_t taken = 0;
  while (!ending_) {
    if (sender_ == nullptr && !starts_with_connect(in_)) {  // before its length is believed
      violated({Reason::ProtocolError, "the first packet is not CONNECT"});
      break;
    }
    const std::size_t longest = sender_ == nullptr ? longest_connect : hall_.limits.longest_packet;
    const auto packet = first_packet(std::string_view(in_).substr(taken), longest);
    if (!packet) {
      violated(packet.error());
      break;
    }
    if (!*packet) break;
    taken += (*packet)->size;
    if (sender_ == nullptr) {
      take_connect(**packet);
    } else if ((*packet)->type == Type::Publish) {
      co_await take_publish(**packet);
    } else {
      take_other(**packet);
    }
    while (out_.size() > most_unsent && !broken_ && !ending_) {
      co_await changed_.async_wait(as_result);
    }
  }
  hand_in();
  in_.erase(0, taken);
  if (in_.empty() && in_.capacity() > longest_connect) in_.shrink_to_fit();
  expect_input(taken > 0);
}

/// A packet must become whole in time, however slowly its bytes drip; whole ones keep it alive.
void Session::expect_input(bool packet_seen) {
  if (packet_seen) heard_ = now();
  if (in_.empty()) begun_ = Time::max();
  if (!in_.empty() && (packet_seen || begun_ == Time::max())) begun_ = now();
  Time deadline = Time::max();
  if (sender_ == nullptr) deadline = opened_ + hall_.limits.connect;
  if (silence_.count() > 0) deadline = heard_ + silence_;
  if (begun_ != Time::max()) deadline = std::min(deadline, begun_ + hall_.limits.packet);
  read_until(deadline);
}

void Session::read_until(Time deadline) {
  read_deadline_ = deadline;
  if (deadline < watchdog_.expiry()) watchdog_.cancel();
}

asio::awaitable<void> Session::watch() {
  while (true) {
    watchdog_.expires_at(std::min(read_deadline_, write_deadline_));
    co_await watchdog_.async_wait(as_result);
    if (std::min(read_deadline_, write_deadline_) > now()) continue;
    if (ending_ || sender_ == nullptr || write_deadline_ <= now()) {
      cut();
    } else {
      read_deadline_ = Time::max();
      end(Reason::KeepAliveTimeout);
    }
  }
}

void Session::cut() {
  read_deadline_ = write_deadline_ = Time::max();
  error_code ignored;
  line_->socket().close(ignored);
  broken_ = ending_ = true;
  pause_.cancel();
  wake();
}

/// Sends what is settled at the front. Ends when nothing more can come, even over a broken
/// connection: messages under commit are waited for, so that nobody outlives the listener.
asio::awaitable<void> Session::write() {
  while (true) {
    collect_answers();
    const bool last = !reading_ && slots_.empty();
    if (last) out_ += std::exchange(farewell_, std::string{});
    if (broken_) out_.clear();
    if (out_.empty() && last) co_return;
    if (out_.empty()) {
      co_await changed_.async_wait(as_result);
      continue;
    }
    const std::string sending = std::exchange(out_, std::string{});
    write_deadline_ = now() + write_timeout;
    if (write_deadline_ < watchdog_.expiry()) watchdog_.cancel();
    const bool written = co_await line_->write(sending);
    write_deadline_ = Time::max();
    if (!written && !broken_) cut();
    wake();
  }
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

/// Unread input would make the kernel reset the connection, and the last word would be lost.
asio::awaitable<void> Session::leave() {
  if (broken_) co_return;
  ending_ = true;
  read_until(now() + farewell_timeout);
  co_await line_->finish();
  std::array<char, 1024> chunk;
  for (bool ended = false; !ended && !broken_;) {
    const Line::Received received = co_await line_->read(asio::buffer(chunk));
    ended = received.ended;
  }
}

void Session::take_connect(const Packet& packet) {
  const std::uint8_t level = protocol_level(packet.body);
  auto connect = parse_connect(packet);
  if (!connect) {
    const Violation& violation = connect.error();
    return turn_away(level, violation.reason, code_of(violation.reason), violation.detail, "");
  }
  Sender* const sender = authenticate(hall_.senders, connect->user, connect->password);
  if (sender == nullptr) {
    return turn_away(level, Reason::BadUserOrPassword, "token",
                     "user and password are not a device's id and its token", "");
  }
  const bool nameless = connect->client.empty() && connect->version == Version::V311;
  if (connect->client.size() > longest_client || (nameless && !connect->clean)) {
    return turn_away(level, Reason::BadClientId, "client_id",
                     "the client id is missing or longer than 256 bytes", sender->device);
  }
  enter(*sender, std::move(*connect));
}

/// A client of the same name is the same device, come back before its old connection was missed.
void Session::enter(Sender& sender, Connect connect) {
  Welcome welcome;
  if (connect.client.empty()) {
    connect.client = sender.device + "-" + std::to_string(++hall_.nameless);
    welcome.assigned_client = connect.client;
  }
  std::size_t others = 0;
  for (Session* other : sender.connections) {
    if (other->client_ == connect.client) {
      other->end(Reason::SessionTakenOver);
    } else {
      ++others;
    }
  }
  if (others >= most_connections_of_a_device) {
    return turn_away(static_cast<std::uint8_t>(connect.version), Reason::QuotaExceeded,
                     "connections", "the device has four connections already", sender.device);
  }
  welcome.session_present =
      !connect.clean && sender.kept_client == connect.client && sender.kept_until > now();
  welcome.receive_maximum = hall_.limits.in_flight;
  welcome.longest_packet = static_cast<std::uint32_t>(hall_.limits.longest_packet);
  std::uint16_t keep_alive = connect.keep_alive;
  if (connect.version == Version::V5 &&
      (keep_alive == 0 || keep_alive > hall_.limits.longest_keep_alive)) {
    keep_alive = hall_.limits.longest_keep_alive;
    welcome.server_keep_alive = keep_alive;
  }
  const std::string answer = connack(connect.version, welcome);
  if (answer.size() > connect.longest_packet) {
    return turn_away(static_cast<std::uint8_t>(connect.version), Reason::PacketTooLarge,
                     "too_large", "the client takes no packet as long as CONNACK", sender.device);
  }
  sender_ = &sender;
  sender.connections.push_back(this);
  version_ = connect.version;
  client_ = connect.client;
  session_expiry_ = connect.session_expiry;
  silence_ = milliseconds{1500} * keep_alive;
  longest_answer_ = connect.longest_packet;
  wants_reasons_ = connect.wants_reasons;
  sender.kept_client = session_expiry_ > 0 ? client_ : std::string{};
  sender.kept_until = Time::max();
  out_ += answer;
  wake();
}

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

void Session::take_other(const Packet& packet) {
  switch (packet.type) {
    case Type::Pingreq:
      if (const auto sound = check_ping(packet); !sound) return violated(sound.error());
      out_ += pingresp();
      return wake();
    case Type::Subscribe:
    case Type::Unsubscribe: {
      const auto filters = parse_filters(packet, version_);
      if (!filters) return violated(filters.error());
      refuse("subscribe", "nothing can be subscribed to here; the box publishes to the platform",
             sender_->device, "");
      out_ += refuse_filters(version_, packet.type, *filters);
      return wake();
    }
    case Type::Disconnect: {
      const auto disconnect = parse_disconnect(packet, version_);
      if (!disconnect) return violated(disconnect.error());
      session_expiry_ = disconnect->session_expiry.value_or(session_expiry_);
      ending_ = true;
      return wake();
    }
    default:
      violated({Reason::ProtocolError, "a packet of type " +
                                           std::to_string(static_cast<int>(packet.type)) +
                                           " that a publisher does not send"});
  }
}

void Session::turn_away(std::uint8_t protocol_level, Reason reason, std::string_view code,
                        const std::string& detail, const std::string& device) {
  refuse(code, detail, device, "");
  out_ += connack_refusal(protocol_level, reason);
  ending_ = true;
  wake();
}

void Session::violated(const Violation& violation) {
  const auto shown = std::string_view(in_).substr(0, sender_ == nullptr ? 0 : longest_quarantined);
  refuse(code_of(violation.reason), violation.detail, sender_ == nullptr ? "" : sender_->device,
         shown);
  say_farewell(violation.reason);
}

void Session::refuse(std::string_view code, const std::string& detail, const std::string& device,
                     std::string_view bytes) {
  const std::string peer = peer_.to_string();
  hall_.refused.count(std::string(code) + " from " + peer +
                      (device.empty() ? "" : " (" + device + ")") + ": " + detail);
  hall_.intake.refuse({"mqtt", peer, device, std::string(code), detail,
                       std::string(bytes.substr(0, longest_quarantined))});
}

}  // namespace jieding::drivers::mqtt
