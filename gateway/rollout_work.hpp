#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <stop_token>

#include "gateway/gateway_rollouts.hpp"

namespace jieding {

/// Brings the open rollout on: one node after the other, each by a child (jieding-node), each step
/// a ledger event. What the node has is the truth: killed anywhere, the next start asks the same
/// node again and goes on from there. Between rollouts it asks each node what it runs, at start,
/// after each rollout and every hour: nobody else speaks with nodes, so nothing gets into the way
/// of an update. Thread-bound to io.
class RolloutWork {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    const BusinessClock& clock;
    const NodePrograms& programs;
    const FirmwareShelf& shelf;
    GatewayRollouts& rollouts;
  };
  explicit RolloutWork(Parts parts);

  /// An error when a step cannot be stored; can then be called again.
  boost::asio::awaitable<Result<void>> run();
  void stop();

 private:
  /// The child of the node in hand.
  struct Update {
    std::string node;
    std::stop_source stop;
    std::deque<UpdateNews> news;
    std::optional<Result<void>> ended;
  };
  void changed();
  bool told_to_stop(const Rollout& rollout) const;
  boost::asio::awaitable<Result<void>> bring(Rollout rollout);
  boost::asio::awaitable<Result<void>> watch(std::uint64_t rollout);
  boost::asio::awaitable<Result<void>> conclude(std::uint64_t rollout, std::string node,
                                                Result<void> ended);
  boost::asio::awaitable<void> look_round();
  boost::asio::awaitable<void> rest();
  boost::asio::awaitable<Result<void>> step(std::uint64_t rollout, std::string node, NodeStep step,
                                            std::string reason = {});
  void begin(const config::Node& node, const std::string& image, UpdateTerms terms);

  Parts parts_;
  boost::asio::steady_timer bell_;
  std::optional<Update> update_;
  std::stop_source look_;  ///< of the node that is being asked
  std::chrono::steady_clock::time_point next_look_{};
  boost::asio::thread_pool aside_{1};  ///< waits for the child
  bool stopped_ = false;
};

}  // namespace jieding
