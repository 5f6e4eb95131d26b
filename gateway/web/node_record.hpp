#pragma once
// What the operator may ask of the gateway about sensor nodes and their firmware. Implemented over
// the store by the gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// Which image is to come to which nodes, in this order.
struct RolloutWish {
  std::string image;  ///< SHA-256 of its file
  std::vector<std::string> nodes;
  bool allow_older = false;  ///< than what a node runs
};

/// Thread-bound to io. What changes something resumes after the commit.
class NodeRecord {
 public:
  virtual ~NodeRecord() = default;

  /// Nodes with what they were brought to, the images that are kept, the newest rollout.
  virtual boost::asio::awaitable<Result<boost::json::value>> nodes() = 0;
  /// Invalid: these bytes have another hash, or no node would take the image.
  virtual boost::asio::awaitable<Result<boost::json::value>> keep_firmware(std::string sha256,
                                                                           std::string bytes) = 0;
  /// NotFound: no such image or node; Conflict: a node may not take it, or one runs.
  virtual boost::asio::awaitable<Result<boost::json::value>> start_rollout(Person person,
                                                                           RolloutWish wish) = 0;
  /// Conflict: none runs.
  virtual boost::asio::awaitable<Result<boost::json::value>> stop_rollout(Person person) = 0;
};

}  // namespace jieding::web
