#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sync/mqtt_client.hpp"

namespace jieding::sync {

/// The connection, or the attempt at one, is over.
struct Lost {
  std::string why;
};

/// The broker's word on a publish or subscribe.
struct Answer {
  std::uintptr_t id;
  bool ok;
};

using Note = std::variant<Welcome, Lost, Message, Answer>;

/// Where the MQTT library's threads leave word for io. At most one drain is on its way at a time,
/// so a thousand acknowledgements cost one wake-up. Messages beyond the bound are dropped: receipts
/// and requests are sent again. Thread-safe.
class MqttInbox {
 public:
  MqttInbox(boost::asio::any_io_executor io, std::size_t most_messages, std::function<void()> drain)
      : io_(std::move(io)), most_messages_(most_messages), drain_(std::move(drain)) {}

  void leave(Note note) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<Message>(note)) {
      if (messages_ == most_messages_) return;
      ++messages_;
    }
    notes_.push_back(std::move(note));
    if (notes_.size() == 1) boost::asio::post(io_, drain_);
  }

  std::vector<Note> take() {
    const std::lock_guard lock(mutex_);
    messages_ = 0;
    return std::exchange(notes_, {});
  }

 private:
  boost::asio::any_io_executor io_;
  std::size_t most_messages_;
  std::function<void()> drain_;
  std::mutex mutex_;
  std::vector<Note> notes_;
  std::size_t messages_ = 0;
};

}  // namespace jieding::sync
