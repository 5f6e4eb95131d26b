#include "tests/uplink/platform.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>

#include "tests/uplink/box.hpp"

namespace jieding::test {
namespace {

namespace json = boost::json;

sync::MqttSettings settings_for(int port, const std::string& client_id) {
  sync::MqttSettings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.client_id = client_id;
  settings.receive_maximum = 1000;
  settings.maximum_packet_size = 1 << 20;
  settings.most_waiting_messages = 1 << 20;
  return settings;
}

}  // namespace

Platform::Platform(boost::asio::io_context& io, int port, Receipts receipts,
                   const std::string& client_id)
    : io_(io), receipts_(receipts), again_(io), awake_(io), roots_{sync::merkle::empty_root()} {
  sync::MqttEvents events;
  events.on_connected = [this](sync::Welcome) {
    client_->subscribe("jieding/v1/#", [this](bool ok) {
      subscribed_ = ok;
      if (ok && receipts_ == Receipts::Automatic) receipt(held());
    });
  };
  events.on_lost = [this](std::string) {
    subscribed_ = false;
    if (!staying_) return;
    again_.expires_after(std::chrono::milliseconds{50});
    again_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
      if (!error && !alive.expired() && staying_) connect();
    });
  };
  events.on_message = [this](sync::Message message) { take(std::move(message)); };
  client_ = std::make_unique<sync::MqttClient>(io.get_executor(), settings_for(port, client_id),
                                               std::move(events));
  if (const char* folder = std::getenv("JIEDING_MESSAGES")) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::filesystem::create_directories(folder);
    record_.open(std::filesystem::path(folder) / (std::string(test->name()) + ".jsonl"),
                 std::ios::app);
  }
}

Platform::~Platform() {
  again_.cancel();
  awake_.cancel();
}

void Platform::connect() {
  client_->connect({"platform/health", "gone", "text/plain", false, {}, {}});
}

void Platform::join() {
  staying_ = true;
  connect();
  until(io_, [this] { return subscribed_; });
  keep_paho_awake();
}

/// The box under test shares Paho's threads with us, and they notice a new socket only when an old
/// one speaks or after a second: acknowledgements of these messages keep them busy.
void Platform::keep_paho_awake() {
  awake_.expires_after(std::chrono::milliseconds{20});
  awake_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
    if (error || alive.expired() || !staying_) return;
    if (client_->open() < 10) {
      client_->publish({"platform/awake", "", "text/plain", false, {}, {}}, [](bool) {});
    }
    keep_paho_awake();
  });
}

void Platform::leave() {
  staying_ = subscribed_ = false;
  bool closed = false;
  client_->close([&closed] { closed = true; });
  until(io_, [&closed] { return closed; });
}

int Platform::times(std::uint64_t index) const {
  return static_cast<int>(std::count(events_.begin(), events_.end(), index));
}

std::string Platform::health() const {
  const auto all = on("/health");
  if (all.empty()) return {};
  return std::string(json::parse(all.back()->payload).at("state").as_string());
}

std::vector<const sync::Message*> Platform::on(std::string_view topic_part) const {
  std::vector<const sync::Message*> found;
  for (const sync::Message& message : messages_) {
    if (message.topic.find(topic_part) != std::string::npos) found.push_back(&message);
  }
  return found;
}

void Platform::receipt(std::uint64_t size) {
  client_->publish(
      {topic("receipt"),
       json::serialize(json::object{{"size", size}, {"root", sync::to_hex(roots_.at(size))}}),
       "application/json",
       true,
       {},
       {}},
      [](bool) {});
}

void Platform::publish(std::string rest, std::string payload, std::string response_topic) {
  sync::Message message{topic(rest), std::move(payload),        "application/json",
                        false,       std::move(response_topic), {}};
  if (!message.response_topic.empty()) message.correlation = "question-1";
  client_->publish(std::move(message), [](bool) {});
}

std::string Platform::topic(std::string_view rest) const {
  return "jieding/v1/hz-demo/gw1/" + std::string(rest);
}

void Platform::take(sync::Message message) {
  record(message);
  if (message.topic.ends_with("/event")) take_event(message);
  messages_.push_back(std::move(message));
}

void Platform::take_event(const sync::Message& message) {
  const json::value event = json::parse(message.payload);
  const json::value& body = event.at("data");
  const auto index = body.at("index").to_number<std::uint64_t>();
  events_.push_back(index);
  if (index == held()) {
    frontier_.append(sync::merkle::leaf_hash(body.at("leaf").as_string()),
                     [](const sync::merkle::Node&) {});
    roots_.push_back(frontier_.root());
  }
  // In order: one more. After a gap, and to a repeat: the same again.
  if (receipts_ == Receipts::Automatic) receipt(held());
}

/// One line per message, as tests/uplink/validate_messages.py reads it.
void Platform::record(const sync::Message& message) {
  if (!record_.is_open()) return;
  const bool text = message.content_type != "image/jpeg";
  json::object line{{"topic", message.topic},
                    {"content_type", message.content_type},
                    {"retained", message.retained},
                    {"payload", text ? json::value(message.payload) : json::value(nullptr)}};
  record_ << json::serialize(line) << "\n" << std::flush;  // two of us may write one file
}

}  // namespace jieding::test
