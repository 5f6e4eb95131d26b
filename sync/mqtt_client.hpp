#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sync/messages.hpp"

namespace jieding::sync {

struct MqttSettings {
  std::string host;
  int port = 8883;
  std::string client_id;
  std::string user;                        ///< empty: no user name is sent
  std::filesystem::path password_file;     ///< read anew at each attempt; never logged
  std::filesystem::path ca_file;           ///< PEM; empty: no TLS
  std::filesystem::path certificate_file;  ///< our own, PEM; empty: none is shown
  std::filesystem::path key_file;
  std::chrono::seconds keep_alive{30};
  std::chrono::seconds session_expiry{std::chrono::hours{24 * 7}};
  std::chrono::milliseconds connect_timeout{10'000};  ///< TCP, TLS and CONNACK together
  std::uint32_t maximum_packet_size = 65'536;         ///< bytes that we accept from the broker
  std::uint16_t receive_maximum = 16;       ///< QoS 1 messages the broker may have open with us
  std::size_t most_waiting_messages = 256;  ///< not yet taken by io; beyond, they are dropped
};

/// What the broker said when it accepted us.
struct Welcome {
  bool session_present = false;
  std::uint16_t receive_maximum = 65'535;           ///< QoS 1 messages we may have open with it
  std::uint32_t maximum_packet_size = 0xffff'ffff;  ///< bytes that it accepts from us
};

/// What a client tells its owner; all are called on io.
struct MqttEvents {
  std::function<void(Welcome)> on_connected;
  std::function<void(std::string)> on_lost;  ///< why; also for an attempt that failed
  std::function<void(Message)> on_message;
};

/// One MQTT 5 client over Eclipse Paho, the only door to that library. Owned by the uplink, bound
/// to io: every call returns at once and every answer comes posted to io. It keeps nothing across
/// connections (the outbox is the queue) and does not retry: the owner does, with its back-off.
class MqttClient {
 public:
  /// True: the broker has it (PUBACK, SUBACK). False: refused, or the connection ended first.
  using Answered = std::function<void(bool)>;

  MqttClient(boost::asio::any_io_executor io, MqttSettings settings, MqttEvents events);
  ~MqttClient();  ///< may wait up to a second for Paho's threads; no event is called any more
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// One attempt. Ends in exactly one on_connected or on_lost. `will` is what the broker publishes
  /// when the connection ends without a clean close.
  void connect(Message will);
  bool connected() const;
  /// Publishes and subscriptions that wait for their answer.
  std::size_t open() const;

  /// QoS 1. While not connected it is answered false (posted, like every answer).
  void publish(Message message, Answered answered);
  /// QoS 1.
  void subscribe(std::string filter, Answered answered);

  /// Cleanly: the will is not sent. Open publishes are answered false. `done` is posted to io when
  /// the connection is closed; on_lost is not called.
  void close(std::function<void()> done);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace jieding::sync
