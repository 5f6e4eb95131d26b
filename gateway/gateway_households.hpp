#pragma once

#include <functional>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/site_state.hpp"
#include "gateway/web/household_record.hpp"
#include "sync/household_book.hpp"

namespace jieding {

/// Counts of households between the page and the store. Thread-bound to io.
class GatewayHouseholds final : public web::HouseholdRecord {
 public:
  /// `committed` is called after each commit.
  struct Parts {
    const config::Config& config;
    const BusinessClock& clock;
    sync::HouseholdBook& book;
    SiteState& state;
    std::function<void()> committed;
  };
  explicit GatewayHouseholds(Parts parts) : parts_(std::move(parts)) {}

  /// What stands, from the store to the mirror: at start and after each count.
  boost::asio::awaitable<Result<void>> mirror();

  boost::asio::awaitable<Result<boost::json::value>> households() override;
  boost::asio::awaitable<Result<boost::json::value>> count(web::Person person,
                                                           web::HouseholdInput input) override;

 private:
  Result<sync::HouseholdCount> count_of(const web::Person& person,
                                        const web::HouseholdInput& input) const;

  Parts parts_;
};

}  // namespace jieding
