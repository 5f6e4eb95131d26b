#pragma once

#include <map>
#include <string>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/series_record.hpp"
#include "sync/journal.hpp"

namespace jieding {

/// Readings over time, for the page. Each device's day is looked up at most twice a minute, however
/// many look. Thread-bound to io.
class GatewaySeries final : public web::SeriesRecord {
 public:
  struct Parts {
    const config::Config& config;
    const BusinessClock& clock;
    const RuntimeClock& runtime_clock;
    sync::Journal& journal;
  };
  explicit GatewaySeries(Parts parts) : parts_(parts) {}

  boost::asio::awaitable<Result<boost::json::value>> day_of(std::string device) override;

 private:
  struct Told {
    RuntimeClock::time_point at;
    boost::json::value day;
  };

  Parts parts_;
  std::map<std::string, Told> told_;  ///< by device of the configuration
};

}  // namespace jieding
