#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/delayed_pictures.hpp"
#include "gateway/gateway_cameras.hpp"
#include "gateway/gateway_findings.hpp"
#include "gateway/gateway_intake.hpp"
#include "gateway/gateway_rollouts.hpp"
#include "gateway/renditions.hpp"
#include "gateway/site_state.hpp"
#include "gateway/supervisor.hpp"
#include "gateway/web/record.hpp"
#include "sync/store.hpp"
#include "sync/uplink.hpp"

namespace jieding {

/// The record as the page sees it. Thread-bound to io.
class GatewayRecord final : public web::Record {
 public:
  using Parts = std::vector<std::unique_ptr<Supervisor>>;
  /// `uplink` is null where none is configured; `parts` may be filled later.
  GatewayRecord(const config::Config& config, const SiteState& state, sync::Store& store,
                GatewayIntake& intake, const GatewayFindings& findings,
                const GatewayCameras& cameras, const GatewayRollouts& rollouts,
                const sync::Uplink* uplink, const Parts& parts, Renditions& renditions);

  boost::asio::awaitable<Result<boost::json::value>> site() override;
  boost::asio::awaitable<Result<boost::json::value>> history(std::string building) override;
  boost::asio::awaitable<Result<boost::json::value>> events(std::uint64_t from,
                                                            std::uint64_t count) override;
  boost::asio::awaitable<Result<boost::json::value>> bulletin(web::BulletinPeriod period) override;
  std::string checkpoint() const override;
  boost::asio::awaitable<Result<std::string>> ledger_file(std::string name) override;
  boost::asio::awaitable<Result<web::ShownPicture>> evidence(std::string sha256, int px) override;
  boost::asio::awaitable<Result<bool>> is_public(std::string sha256) override;
  boost::asio::awaitable<Result<std::string>> document(std::string sha256) override;
  boost::asio::awaitable<Result<boost::json::value>> quarantine(web::Person reader,
                                                                std::uint64_t count) override;
  boost::asio::awaitable<Result<boost::json::value>> act(web::Person person,
                                                         web::Said said) override;
  boost::asio::awaitable<Result<std::string>> keep_document(web::Person person,
                                                            std::string bytes) override;

 private:
  boost::asio::awaitable<Result<void>> show_public_pictures(boost::json::object& site);
  boost::json::object uplink_json() const;
  boost::json::array parts_json() const;

  const config::Config& config_;
  const SiteState& state_;
  sync::Store& store_;
  GatewayIntake& intake_;
  const GatewayFindings& findings_;
  const GatewayCameras& cameras_;
  const GatewayRollouts& rollouts_;
  const sync::Uplink* uplink_;
  const Parts& parts_;
  Renditions& renditions_;
  DelayedPictures delayed_;
};

}  // namespace jieding
