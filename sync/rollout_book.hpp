#pragma once
// The store's door for rollouts, the images that they bring, and what the command line asks.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sync/firmware_table.hpp"
#include "sync/journal.hpp"
#include "sync/rollout_orders.hpp"
#include "sync/rollout_table.hpp"

namespace jieding::sync {

/// All that is known of nodes at one instant.
struct RolloutsNow {
  std::optional<Rollout> newest;
  std::vector<NodeFirmware> nodes;
};

/// Thread-bound to io; what is handed in is on the disk when the awaitable resumes. Lives in the
/// store.
class RolloutBook {
 public:
  RolloutBook(Journal& journal, Ledger& ledger) : journal_(journal), ledger_(ledger) {}

  /// Errors of rollout_table.
  boost::asio::awaitable<Result<Rollout>> start(RolloutStart start);
  boost::asio::awaitable<Result<Rollout>> step(RolloutStep step);
  boost::asio::awaitable<Result<Rollout>> stop(RolloutStop stop);
  boost::asio::awaitable<Result<RolloutsNow>> now();
  boost::asio::awaitable<Result<std::optional<std::uint32_t>>> counter_of(std::string node);

  /// The hashes of images that made room.
  boost::asio::awaitable<Result<std::vector<std::string>>> keep(KeptFirmware firmware);
  boost::asio::awaitable<Result<std::optional<KeptFirmware>>> firmware(std::string sha256);
  boost::asio::awaitable<Result<std::vector<KeptFirmware>>> all_firmware();

  boost::asio::awaitable<Result<std::optional<RolloutOrder>>> next_order();
  boost::asio::awaitable<Result<void>> answer_order(std::int64_t id, std::string said);
  boost::asio::awaitable<Result<void>> forget_orders();

 private:
  Journal& journal_;
  Ledger& ledger_;
};

}  // namespace jieding::sync
