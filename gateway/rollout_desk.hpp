#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/gateway_rollouts.hpp"

namespace jieding {

/// Answers what `jieding rollout` asks of the running gateway. Thread-bound to io.
class RolloutDesk {
 public:
  RolloutDesk(boost::asio::any_io_executor io, sync::RolloutBook& book, GatewayRollouts& rollouts)
      : book_(book), rollouts_(rollouts), rest_(io) {}

  /// An error when the store cannot be asked; can then be called again.
  boost::asio::awaitable<Result<void>> run();
  void stop();

 private:
  boost::asio::awaitable<std::string> answer_to(std::string asked);

  sync::RolloutBook& book_;
  GatewayRollouts& rollouts_;
  boost::asio::steady_timer rest_;
  bool stopped_ = false;
};

}  // namespace jieding
