#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "config/config.hpp"
#include "gateway/firmware_shelf.hpp"
#include "gateway/rollout_json.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/node_record.hpp"
#include "sync/messages.hpp"
#include "sync/rollout_book.hpp"

namespace jieding {

/// On whose behalf a rollout is wanted.
struct Asker {
  Owner owner = Owner::Operator;
  std::string by;  ///< public name
};

/// Firmware of sensor nodes, between those who want it there (page, platform, command line), the
/// store and RolloutWork, which brings it. Thread-bound to io.
class GatewayRollouts final : public web::NodeRecord {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    const config::Config& config;
    const std::vector<config::Node>& nodes;
    const BusinessClock& clock;
    sync::RolloutBook& book;
    const NodePrograms& programs;
    const FirmwareShelf& shelf;
    std::function<void()> committed;
  };
  explicit GatewayRollouts(Parts parts) : parts_(std::move(parts)) {}

  /// Reads what is stored; at start, and after each change.
  boost::asio::awaitable<Result<void>> mirror();
  /// Files without a row are removed; at start.
  boost::asio::awaitable<Result<void>> sweep();
  const sync::RolloutsNow& now() const { return now_; }
  const std::vector<config::Node>& all_nodes() const { return parts_.nodes; }
  /// Null: the configuration names none of this id.
  const config::Node* node(std::string_view id) const;
  /// The highest security counter that this node has had, by rollout or configuration.
  boost::asio::awaitable<Result<std::optional<std::uint32_t>>> least_counter(config::Node node);
  boost::asio::awaitable<Result<void>> step(sync::RolloutStep step);
  boost::asio::awaitable<Result<Rollout>> start(Asker asker, web::RolloutWish wish);
  boost::asio::awaitable<Result<Rollout>> stop(Asker asker);

  /// What the platform asks for.
  boost::asio::awaitable<Result<boost::json::object>> obey(sync::Request request);

  /// Called after each change.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
  void show_percent(int percent) { percent_ = percent; }
  void show_heard(const std::string& node, NodeHeard heard);
  /// `nodes` and `rollout` of the site's JSON.
  void show(boost::json::object& site) const;

  boost::asio::awaitable<Result<boost::json::value>> nodes() override;
  boost::asio::awaitable<Result<boost::json::value>> keep_firmware(std::string sha256,
                                                                   std::string bytes) override;
  boost::asio::awaitable<Result<boost::json::value>> start_rollout(web::Person person,
                                                                   web::RolloutWish wish) override;
  boost::asio::awaitable<Result<boost::json::value>> stop_rollout(web::Person person) override;

 private:
  Result<void> check(const web::RolloutWish& wish) const;
  boost::asio::awaitable<Result<void>> verify(std::string image, std::vector<std::string> nodes);

  Parts parts_;
  sync::RolloutsNow now_;
  NodesHeard heard_;
  int percent_ = 0;
  std::function<void()> changed_ = [] {};
  boost::asio::thread_pool aside_{1};  ///< images are verified by a program and written
};

}  // namespace jieding
