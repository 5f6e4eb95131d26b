// One connection: its bytes and their time limits, who signs in, what a publisher may ask beside
// publishing, and how it ends. What it publishes: mqtt_messages.cpp.

#include "drivers/mqtt_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "drivers/address.hpp"
#include "drivers/mqtt_answer.hpp"
#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::mqtt {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace boost::asio::experimental::awaitable_operators;
using std::chrono::milliseconds;

/// How long a peer may refuse to take its answers, and to say good-bye.
constexpr std::chrono::seconds write_timeout{10};
constexpr std::chrono::seconds farewell_timeout{1};
constexpr std::size_t longest_connect = std::size_t{16} * 1024;
constexpr std::size_t longest_client = 256;
constexpr std::size_t longest_quarantined = 4096;
constexpr std::size_t most_unsent = 4096;
constexpr std::size_t most_connections_of_a_device = 4;
constexpr std::uint32_t never = 0xFFFFFFFF;

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
