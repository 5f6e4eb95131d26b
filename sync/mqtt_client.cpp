// A fresh Paho client for every connection. Paho C keeps unacknowledged messages in the client and,
// with clean start off, sends them again by itself after a reconnect; the outbox would send them as
// well, and a half-dead client is the state its bug reports are about. A new client has no past:
// what is sent is exactly what the outbox says. The broker's session is found again by the client
// id.
//
// Rules kept here (style anchors and Paho 1.2's own traps):
//  - individual setters, all before connect(): set_callback() holds the C++ client's lock while it
//    takes the C library's, whose threads take them in the other order (paho.mqtt.cpp #481, #356);
//  - callbacks only leave a note for io; nobody waits on a token;
//  - making, connecting and destroying clients may block (name look-up, joining threads): a worker
//    thread does it. io calls publish() and subscribe(), and those on a connected client only.
#include "sync/mqtt_client.hpp"

#include <mqtt/async_client.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fstream>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "sync/mqtt_inbox.hpp"
#include "sync/tcp_no_delay.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr int most_buffered = 65'535;  ///< Paho counts its send queue even when connected

/// Paho's own start and end of its threads is not safe against itself: one at a time per process.
std::mutex& paho_door() {
  static std::mutex door;
  return door;
}

mqtt::message_ptr to_paho(const Message& message) {
  auto made = mqtt::make_message(message.topic, message.payload.data(), message.payload.size(), 1,
                                 message.retained);
  mqtt::properties properties;
  const auto add = [&properties](mqtt::property::code code, const std::string& text) {
    if (!text.empty()) properties.add(mqtt::property(code, text));
  };
  add(mqtt::property::CONTENT_TYPE, message.content_type);
  add(mqtt::property::RESPONSE_TOPIC, message.response_topic);
  add(mqtt::property::CORRELATION_DATA, message.correlation);
  if (!properties.empty()) made->set_properties(std::move(properties));
  return made;
}

std::string text_of(const mqtt::properties& properties, mqtt::property::code code) {
  return properties.contains(code) ? mqtt::get<std::string>(properties, code) : std::string();
}

Message from_paho(const mqtt::message& message) {
  const mqtt::properties& properties = message.get_properties();
  Message made;
  made.topic = message.get_topic();
  made.payload = message.get_payload_str();
  made.content_type = text_of(properties, mqtt::property::CONTENT_TYPE);
  made.retained = message.is_retained();
  made.response_topic = text_of(properties, mqtt::property::RESPONSE_TOPIC);
  made.correlation = text_of(properties, mqtt::property::CORRELATION_DATA);
  return made;
}

bool refused(const mqtt::token& token) {
  return token.get_reason_code() >= 0x80;
}

/// Of a connection attempt that failed.
std::string why_of(const mqtt::token& token) {
  try {
    token.get_connect_response();  // complete, so it does not wait: it throws what went wrong
  } catch (const std::exception& error) {
    return error.what();
  }
  return "refused";
}

/// The password is a file so that it can be changed without touching the configuration.
std::string password_from(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string password;
  if (!in || !std::getline(in, password)) {
    throw std::runtime_error("cannot read the password in " + file.string());
  }
  return password;
}

mqtt::ssl_options tls_options(const MqttSettings& settings) {
  for (const auto& file : {settings.ca_file, settings.certificate_file, settings.key_file}) {
    if (!file.empty() && !std::ifstream(file)) {
      throw std::runtime_error("cannot read " + file.string());
    }
  }
  mqtt::ssl_options tls;
  tls.set_trust_store(settings.ca_file.string());
  if (!settings.certificate_file.empty()) tls.set_key_store(settings.certificate_file.string());
  if (!settings.key_file.empty()) tls.set_private_key(settings.key_file.string());
  tls.set_enable_server_cert_auth(true);
  tls.set_verify(true);  // the certificate must name the host
  return tls;
}

mqtt::connect_options connect_options(const MqttSettings& settings, const Message& will) {
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(false);
  options.set_properties(mqtt::properties{
      {mqtt::property::SESSION_EXPIRY_INTERVAL,
       static_cast<std::int32_t>(settings.session_expiry.count())},
      {mqtt::property::RECEIVE_MAXIMUM, static_cast<std::int16_t>(settings.receive_maximum)},
      {mqtt::property::MAXIMUM_PACKET_SIZE,
       static_cast<std::int32_t>(settings.maximum_packet_size)}});
  options.set_keep_alive_interval(settings.keep_alive);
  // Paho's time-out has whole seconds; ours on io is exact and comes first.
  options.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(settings.connect_timeout) +
                              std::chrono::seconds{1});
  options.set_max_inflight(most_buffered);  // lowered by Paho to the broker's receive maximum
  options.set_will_message(to_paho(will));
  if (!settings.user.empty()) options.set_user_name(settings.user);
  if (!settings.password_file.empty()) {
    options.set_password(password_from(settings.password_file));
  }
  if (!settings.ca_file.empty()) options.set_ssl(tls_options(settings));
  return options;
}

mqtt::create_options create_options() {
  mqtt::create_options options(MQTTVERSION_5);
  options.set_send_while_disconnected(false);
  options.set_max_buffered_messages(most_buffered);
  return options;
}

Welcome welcome_of(const mqtt::connect_response& response) {
  const mqtt::properties& said = response.get_properties();
  Welcome welcome;
  welcome.session_present = response.is_session_present();
  if (said.contains(mqtt::property::RECEIVE_MAXIMUM)) {
    welcome.receive_maximum = mqtt::get<std::uint16_t>(said, mqtt::property::RECEIVE_MAXIMUM);
  }
  if (said.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
    welcome.maximum_packet_size =
        mqtt::get<std::uint32_t>(said, mqtt::property::MAXIMUM_PACKET_SIZE);
  }
  return welcome;
}

/// One Paho client for one connection, and the ears it needs. Made and destroyed by the worker;
/// destroying it sends DISCONNECT when it is still connected. Its callbacks run on Paho's threads
/// under Paho's lock and only leave notes.
class Link {
 public:
  Link(const MqttSettings& settings, std::shared_ptr<MqttInbox> inbox)
      : inbox_(std::move(inbox)),
        connect_ear_(*inbox_),
        answer_ear_(*inbox_),
        paho_((settings.ca_file.empty() ? "tcp://" : "ssl://") + settings.host + ":" +
                  std::to_string(settings.port),
              settings.client_id, create_options()) {
    paho_.set_connection_lost_handler([inbox = inbox_](const std::string& cause) {
      inbox->leave(Lost{cause.empty() ? "the connection was lost" : cause});
    });
    paho_.set_disconnected_handler(
        [inbox = inbox_](const mqtt::properties&, mqtt::ReasonCode code) {
          inbox->leave(Lost{std::string("the broker hung up: ") +
                            MQTTReasonCode_toString(static_cast<MQTTReasonCodes>(code))});
        });
    paho_.set_message_callback([inbox = inbox_](const mqtt::const_message_ptr& message) {
      inbox->leave(from_paho(*message));
    });
  }

  void connect(const MqttSettings& settings, const Message& will) {
    paho_.connect(connect_options(settings, will), nullptr, connect_ear_);
  }

  void publish(const Message& message, std::uintptr_t id) {
    paho_.publish(to_paho(message), user_context(id), answer_ear_);
  }

  void subscribe(const std::string& filter, std::uintptr_t id) {
    paho_.subscribe(filter, 1, user_context(id), answer_ear_);
  }

 private:
  /// Paho carries one pointer for us: it is used as a number.
  static void* user_context(std::uintptr_t id) { return reinterpret_cast<void*>(id); }

  struct ConnectEar : mqtt::iaction_listener {
    explicit ConnectEar(MqttInbox& to) : inbox(to) {}
    void on_success(const mqtt::token& token) override {
      inbox.leave(welcome_of(token.get_connect_response()));  // complete: does not wait
    }
    void on_failure(const mqtt::token& token) override { inbox.leave(Lost{why_of(token)}); }
    MqttInbox& inbox;
  };

  struct AnswerEar : mqtt::iaction_listener {
    explicit AnswerEar(MqttInbox& to) : inbox(to) {}
    void on_success(const mqtt::token& token) override { answer(token, !refused(token)); }
    void on_failure(const mqtt::token& token) override { answer(token, false); }
    void answer(const mqtt::token& token, bool ok) {
      inbox.leave(Answer{reinterpret_cast<std::uintptr_t>(token.get_user_context()), ok});
    }
    MqttInbox& inbox;
  };

  std::shared_ptr<MqttInbox> inbox_;
  ConnectEar connect_ear_;
  AnswerEar answer_ear_;
  mqtt::async_client paho_;  // last: destroyed first, so no callback finds the ears gone
};

}  // namespace

/// The io side of a client. Shared only so that what was posted can find it gone.
class MqttClient::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(asio::any_io_executor io, MqttSettings settings, MqttEvents events)
      : io_(std::move(io)),
        settings_(std::make_shared<const MqttSettings>(std::move(settings))),
        events_(std::move(events)),
        deadline_(io_) {
    // While one Paho client lives its threads live: without this, each lost connection would stop
    // and start them (up to a second, and a known source of races).
    asio::post(worker_, [this] {
      const std::lock_guard lock(paho_door());
      anchor_.emplace("tcp://127.0.0.1:1", "jieding-anchor", create_options());
    });
  }

  void shut() {
    events_ = {};
    open_.clear();
    retire();
    asio::post(worker_, [this] {
      const std::lock_guard lock(paho_door());
      anchor_.reset();
    });
    worker_.join();
  }

  void connect(Message will) {
    if (state_ != State::Idle) return;
    state_ = State::Connecting;
    auto drain_mine = [weak = weak_from_this(), mine = ++generation_] {
      if (const auto core = weak.lock(); core && core->generation_ == mine) core->drain();
    };
    inbox_ =
        std::make_shared<MqttInbox>(io_, settings_->most_waiting_messages, std::move(drain_mine));
    link_ = std::make_shared<std::optional<Link>>();
    asio::post(worker_, [link = link_, inbox = inbox_, settings = settings_, w = std::move(will)] {
      const std::lock_guard lock(paho_door());
      try {
        link->emplace(*settings, inbox);
        (*link)->connect(*settings, w);
      } catch (const std::exception& error) {
        inbox->leave(Lost{error.what()});
      }
    });
    watch_attempt();
  }

  bool connected() const { return state_ == State::Connected; }
  std::size_t open() const { return open_.size(); }

  void publish(const Message& message, Answered answered) {
    ask([&message](Link& link, std::uintptr_t id) { link.publish(message, id); },
        std::move(answered));
  }

  void subscribe(const std::string& filter, Answered answered) {
    ask([&filter](Link& link, std::uintptr_t id) { link.subscribe(filter, id); },
        std::move(answered));
  }

  void close(std::function<void()> done) {
    const auto self = shared_from_this();
    retire();
    answer_all_false();
    asio::post(worker_, [io = io_, weak = weak_from_this(), d = std::move(done)] {
      asio::post(io, [weak, d] {
        if (!weak.expired()) d();
      });
    });
  }

 private:
  enum class State { Idle, Connecting, Connected };

  template <class Call>
  void ask(Call call, Answered answered) {
    bool asked = state_ == State::Connected;
    const std::uintptr_t id = ++last_id_;
    try {
      if (asked) call(**link_, id);
    } catch (const mqtt::exception&) {
      asked = false;  // not connected any more: on_lost is on its way
    }
    if (asked) {
      open_.emplace(id, std::move(answered));
    } else {
      asio::post(io_, [weak = weak_from_this(), a = std::move(answered)] {
        if (!weak.expired()) a(false);
      });
    }
  }

  void watch_attempt() {
    deadline_.expires_after(settings_->connect_timeout);
    deadline_.async_wait(
        [weak = weak_from_this(), mine = generation_](boost::system::error_code e) {
          const auto core = weak.lock();
          if (e || !core || core->generation_ != mine || core->state_ != State::Connecting) return;
          core->lose("no answer within " +
                     std::to_string(core->settings_->connect_timeout.count()) + " ms");
        });
  }

  void drain() {
    const auto mine = generation_;
    for (Note& note : inbox_->take()) {
      std::visit([this](auto& what) { take(what); }, note);
      if (generation_ != mine) return;  // lost or closed while we told the owner
    }
  }

  void take(const Welcome& welcome) {
    if (state_ != State::Connecting) return;
    state_ = State::Connected;
    deadline_.cancel();
    // Paho 1.3 leaves Nagle's rule on: what follows a PUBACK then waits until the broker's kernel
    // has acknowledged that, 40 ms.
    send_at_once_to(static_cast<std::uint16_t>(settings_->port));
    if (events_.on_connected) events_.on_connected(welcome);
  }

  void take(const Lost& lost) { lose(lost.why); }

  void take(Message& message) {
    if (events_.on_message) events_.on_message(std::move(message));
  }

  void take(const Answer& answer) {
    auto found = open_.extract(answer.id);
    if (!found.empty()) found.mapped()(answer.ok);
  }

  void lose(std::string why) {
    const auto self = shared_from_this();
    retire();
    answer_all_false();
    if (events_.on_lost) events_.on_lost(std::move(why));
  }

  /// Idle again; whatever the old link still says belongs to an older generation.
  void retire() {
    state_ = State::Idle;
    ++generation_;
    deadline_.cancel();
    inbox_.reset();
    if (!link_) return;
    asio::post(worker_, [link = std::exchange(link_, nullptr)] {
      const std::lock_guard lock(paho_door());
      link->reset();
    });
  }

  void answer_all_false() {
    for (auto& [id, answered] : std::exchange(open_, {}))
      answered(false);
  }

  asio::any_io_executor io_;
  std::shared_ptr<const MqttSettings> settings_;
  MqttEvents events_;
  asio::steady_timer deadline_;
  State state_ = State::Idle;
  std::uint64_t generation_ = 0;  ///< of connections
  std::uintptr_t last_id_ = 0;
  std::unordered_map<std::uintptr_t, Answered> open_;
  std::shared_ptr<MqttInbox> inbox_;
  std::shared_ptr<std::optional<Link>> link_;  ///< filled by the worker, used by io once connected
  std::optional<mqtt::async_client> anchor_;   ///< worker only
  asio::thread_pool worker_{1};
};

MqttClient::MqttClient(asio::any_io_executor io, MqttSettings settings, MqttEvents events)
    : core_(std::make_shared<Core>(std::move(io), std::move(settings), std::move(events))) {}

MqttClient::~MqttClient() {
  core_->shut();
}

void MqttClient::connect(Message will) {
  core_->connect(std::move(will));
}

bool MqttClient::connected() const {
  return core_->connected();
}

std::size_t MqttClient::open() const {
  return core_->open();
}

void MqttClient::publish(Message message, Answered answered) {
  core_->publish(message, std::move(answered));
}

void MqttClient::subscribe(std::string filter, Answered answered) {
  core_->subscribe(filter, std::move(answered));
}

void MqttClient::close(std::function<void()> done) {
  core_->close(std::move(done));
}

}  // namespace jieding::sync
