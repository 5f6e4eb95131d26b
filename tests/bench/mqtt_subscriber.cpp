#include "tests/bench/mqtt_subscriber.hpp"

#include <sys/time.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "tests/bench/mqtt_publisher.hpp"

namespace jieding::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr timeval patience{3, 0};  ///< the broker is quiet for so long: nothing more comes

tcp::socket connected(asio::io_context& io, std::uint16_t port) {
  tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  socket.set_option(tcp::no_delay(true));
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const std::string head = mqtt_text("MQTT") + std::string("\x04\x00\x00\x00", 4);
  asio::write(socket, asio::buffer(mqtt_packet(0x10, head + mqtt_text("platform"))));
  return socket;
}

/// recv() itself, because Asio's blocking read waits on after the socket's time-out.
std::size_t receive(tcp::socket& socket, std::array<char, 65536>& chunk) {
  const auto count = ::recv(socket.native_handle(), chunk.data(), chunk.size(), 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

/// `jieding/v1/push/DEVICE/readings` and a payload that ends in the second.
std::pair<std::string, std::int64_t> message_of(std::string_view topic, std::string_view payload) {
  const auto from = std::string_view("jieding/v1/push/").size();
  const std::string device(topic.substr(from, topic.rfind('/') - from));
  return {device, std::stoll(std::string(payload.substr(payload.size() - 12, 10)))};
}

}  // namespace

void leave_subscription(std::uint16_t port) {
  asio::io_context io;
  tcp::socket socket = connected(io, port);
  const std::string everything = std::string("\x00\x01", 2) + mqtt_text("jieding/#") + "\x01";
  asio::write(socket, asio::buffer(mqtt_packet(0x82, everything)));
  std::array<char, 65536> chunk;
  std::string answers;
  while (answers.size() < 9) {  // CONNACK, SUBACK
    const std::size_t count = receive(socket, chunk);
    if (count == 0) throw std::runtime_error("the broker does not take the subscription");
    answers.append(chunk.data(), count);
  }
  asio::write(socket, asio::buffer(mqtt_packet(0xE0, {})));
}

std::set<std::pair<std::string, std::int64_t>> collect_kept(std::uint16_t port) {
  asio::io_context io;
  tcp::socket socket = connected(io, port);
  std::array<char, 65536> chunk;
  std::set<std::pair<std::string, std::int64_t>> kept;
  std::string received;
  while (const std::size_t count = receive(socket, chunk)) {
    received.append(chunk.data(), count);
    std::size_t used = 0;
    std::size_t body = 0;
    std::string answers;
    while (const std::size_t size =
               mqtt_packet_size(std::string_view(received).substr(used), body)) {
      const std::string_view packet = std::string_view(received).substr(used, size);
      used += size;
      if ((packet[0] & 0xF0) != 0x30) continue;
      const std::string_view content = packet.substr(body);
      const auto length = static_cast<std::size_t>(static_cast<unsigned char>(content[0]) << 8 |
                                                   static_cast<unsigned char>(content[1]));
      answers += mqtt_packet(0x40, std::string(content.substr(2 + length, 2)));
      kept.insert(message_of(content.substr(2, length), content.substr(4 + length)));
    }
    received.erase(0, used);
    if (!answers.empty()) asio::write(socket, asio::buffer(answers));
  }
  return kept;
}

}  // namespace jieding::bench
