#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "gateway/silence_watch.hpp"
#include "gateway/site_state.hpp"
#include "sync/store.hpp"

namespace jieding {

/// Tells silences to the record, and the mirror what is raised. Thread-bound to io.
class GatewayAlerts {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    const config::Config& config;
    const BusinessClock& clock;
    const RuntimeClock& runtime_clock;
    sync::Store& store;
    SiteState& state;
    std::function<void()> committed;
  };
  explicit GatewayAlerts(Parts parts);

  /// What was raised before this start.
  void recall(std::vector<sync::OpenAlert> open);
  void heard(const std::string& unit) { silence_.heard(unit); }
  /// Something was raised or cleared: shows what is raised now.
  boost::asio::awaitable<void> mirror();

  /// Looks for silences until it is stopped.
  boost::asio::awaitable<Result<void>> run();
  void stop();

 private:
  boost::asio::awaitable<Result<void>> look();
  boost::asio::awaitable<Result<sync::AlertFate>> write(sync::AlertChange change);
  sync::AlertChange silence_change(const SilenceWatch::Change& change) const;
  bool configured(const sync::AlertKey& key) const;

  Parts parts_;
  SilenceWatch silence_;
  std::vector<sync::AlertKey> unconfigured_;  ///< raised, and nobody is left to clear them
  boost::asio::steady_timer pause_;
  bool stopping_ = false;
};

}  // namespace jieding
