#pragma once
// The platform's side of the contract, as small as it can be: takes everything that boxes publish,
// keeps the events it holds without a gap, and gives receipts.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/merkle.hpp"
#include "sync/mqtt_client.hpp"

namespace jieding::test {

class Platform {
 public:
  enum class Receipts { ByHand, Automatic };

  Platform(boost::asio::io_context& io, int port, Receipts receipts,
           const std::string& client_id = "platform");
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  void join();   ///< connects and stays connected; returns when subscribed
  void leave();  ///< disconnects; the broker keeps the session
  bool subscribed() const { return subscribed_; }

  /// All that came, in the order it came.
  const std::vector<sync::Message>& messages() const { return messages_; }
  std::vector<std::uint64_t> events() const { return events_; }  ///< indexes, as they came
  int times(std::uint64_t index) const;                          ///< how often an event came
  std::uint64_t held() const { return frontier_.size(); }        ///< leaves without a gap
  /// The newest `state` of a box's health; empty: none came.
  std::string health() const;
  std::vector<const sync::Message*> on(std::string_view topic_part) const;

  /// A receipt for the first `size` leaves, with the root computed from what came.
  void receipt(std::uint64_t size);
  void publish(std::string topic, std::string payload, std::string response_topic = {});
  std::string topic(std::string_view rest) const;

 private:
  void connect();
  void keep_paho_awake();
  void take(sync::Message message);
  void take_event(const sync::Message& message);
  void record(const sync::Message& message);

  boost::asio::io_context& io_;
  Receipts receipts_;
  boost::asio::steady_timer again_;
  boost::asio::steady_timer awake_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  ///< for timers that fired but did not run
  bool staying_ = false;
  bool subscribed_ = false;
  std::vector<sync::Message> messages_;
  std::vector<std::uint64_t> events_;
  std::vector<sync::Hash> roots_;  ///< roots_[n]: of the first n leaves
  sync::merkle::Frontier frontier_;
  std::ofstream record_;  ///< for validate_messages.py; not open: nobody asked
  std::unique_ptr<sync::MqttClient> client_;
};

}  // namespace jieding::test
