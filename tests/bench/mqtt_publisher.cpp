#include "tests/bench/mqtt_publisher.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace jieding::bench {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

char byte(std::uint64_t value) {
  return static_cast<char>(static_cast<unsigned char>(value & 0xFFu));
}

}  // namespace

std::string mqtt_text(std::string_view words) {
  return std::string{byte(words.size() >> 8), byte(words.size())} + std::string(words);
}

std::string mqtt_packet(unsigned first, const std::string& body) {
  std::string out(1, byte(first));
  std::size_t rest = body.size();
  do {
    out += byte((rest & 0x7Fu) | (rest > 0x7F ? 0x80u : 0u));
    rest >>= 7;
  } while (rest > 0);
  return out + body;
}

std::size_t mqtt_packet_size(std::string_view bytes, std::size_t& body) {
  std::size_t length = 0;
  for (body = 1; body < bytes.size(); ++body) {
    const auto part = static_cast<unsigned char>(bytes[body]);
    length |= static_cast<std::size_t>(part & 0x7Fu) << (7 * (body - 1));
    if ((part & 0x80u) != 0) continue;
    ++body;
    return bytes.size() < body + length ? 0 : body + length;
  }
  return 0;
}

MqttPublisher::MqttPublisher(asio::io_context& io, PublishTally& tally, std::size_t window,
                             const std::string& device, const std::string& token)
    : socket_(io), tally_(tally), window_(window), device_(device) {
  const std::string head = mqtt_text("MQTT") + std::string("\x04\xC2\x00\x3C", 4);
  connect_ = mqtt_packet(0x10, head + mqtt_text(device) + mqtt_text(device) + mqtt_text(token));
  const std::string topic = mqtt_text("jieding/v1/push/" + device + "/readings");
  const std::string payload = R"([{"n":"crane_load","u":"kg","v":1250.5,"t":1700000000}])";
  publish_ = mqtt_packet(0x32, topic + std::string(2, '\0') + payload);
  id_at_ = publish_.size() - payload.size() - 2;
  time_at_ = publish_.size() - 12;
}

void MqttPublisher::start(std::uint16_t port) {
  socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
  waiting_ = connect_;
  read();
  write();
}

void MqttPublisher::send(std::size_t messages) {
  for (std::size_t i = 0; i < messages; ++i) {
    const std::uint64_t id = sent_ % 65'535 + 1;
    publish_[id_at_] = byte(id >> 8);
    publish_[id_at_ + 1] = byte(id);
    std::int64_t second = first_second + static_cast<std::int64_t>(sent_++);
    for (std::size_t digit = 10; digit-- > 0; second /= 10)
      publish_[time_at_ + digit] = static_cast<char>('0' + second % 10);
    waiting_ += publish_;
    in_flight_.push_back(Clock::now());
  }
  if (writing_.empty() && !waiting_.empty()) write();
}

void MqttPublisher::write() {
  writing_.swap(waiting_);
  asio::async_write(socket_, asio::buffer(writing_), [this](error_code failed, std::size_t) {
    writing_.clear();
    if (!failed && !waiting_.empty()) write();
  });
}

void MqttPublisher::read() {
  socket_.async_read_some(asio::buffer(chunk_), [this](error_code failed, std::size_t count) {
    if (failed) {
      if (tally_.complaint.empty()) tally_.complaint = device_ + ": " + failed.message();
      return;
    }
    received_.append(chunk_.data(), count);
    std::size_t used = 0;
    std::size_t answers = 0;
    std::size_t body = 0;
    while (const std::size_t size =
               mqtt_packet_size(std::string_view(received_).substr(used), body)) {
      answers += take(std::string_view(received_).substr(used, size));
      used += size;
    }
    received_.erase(0, used);
    send(answers);
    read();
  });
}

/// How many messages may follow.
std::size_t MqttPublisher::take(std::string_view packet) {
  if (packet[0] == 0x20) {
    if (packet[3] == 0) return window_;
    tally_.complaint = device_ + ": CONNACK " + std::to_string(static_cast<int>(packet[3]));
    return 0;
  }
  if (packet[0] != 0x40) return 0;
  const std::uint64_t expected = acknowledged_++ % 65'535 + 1;
  if (packet[2] != byte(expected >> 8) || packet[3] != byte(expected)) {
    tally_.complaint = device_ + ": a PUBACK out of order";
  }
  const std::chrono::duration<float, std::milli> wait = Clock::now() - in_flight_.front();
  in_flight_.pop_front();
  if (tally_.counting) {
    ++tally_.counted;
    tally_.waits.push_back(wait.count());
  }
  return 1;
}

}  // namespace jieding::bench
