#pragma once
// A device that publishes over MQTT 3.1.1 with QoS 1 as cheaply as it can be: the packet is built
// once, afterwards only its digits change.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace jieding::bench {

/// What all publishers of one run come to. Waits only while `counting`.
struct PublishTally {
  bool counting = false;
  std::uint64_t counted = 0;  ///< acknowledged while counting
  std::vector<float> waits;   ///< ms from PUBLISH to PUBACK
  std::string complaint;      ///< the first thing that went wrong
};

class MqttPublisher {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::int64_t first_second = 1'700'000'000;

  MqttPublisher(boost::asio::io_context& io, PublishTally& tally, std::size_t window,
                const std::string& device, const std::string& token);

  void start(std::uint16_t port);
  /// PUBACKs so far; they come in order, so this many of the first seconds are acknowledged.
  std::uint64_t acknowledged() const { return acknowledged_; }
  const std::string& device() const { return device_; }

 private:
  void send(std::size_t messages);
  void write();
  void read();
  std::size_t take(std::string_view received);

  boost::asio::ip::tcp::socket socket_;
  PublishTally& tally_;
  std::size_t window_;
  std::string device_;
  std::string connect_;
  std::string publish_;
  std::size_t id_at_ = 0;    ///< where the packet id stands
  std::size_t time_at_ = 0;  ///< where the ten digits of `t` stand
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::string waiting_;
  std::string writing_;
  std::string received_;
  std::array<char, 4096> chunk_{};
  std::deque<Clock::time_point> in_flight_;
};

/// MQTT's own pieces: two bytes of length and the text; type, remaining length and body.
std::string mqtt_text(std::string_view words);
std::string mqtt_packet(unsigned first, const std::string& body);
/// Size of the whole packet at the front; 0: it is not whole yet. `body` is where its body begins.
std::size_t mqtt_packet_size(std::string_view bytes, std::size_t& body);

}  // namespace jieding::bench
