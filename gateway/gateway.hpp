#pragma once

#include <boost/asio/io_context.hpp>
#include <list>
#include <memory>
#include <vector>

#include "config/config.hpp"
#include "drivers/driver.hpp"
#include "gateway/gateway_cameras.hpp"
#include "gateway/gateway_findings.hpp"
#include "gateway/gateway_households.hpp"
#include "gateway/gateway_intake.hpp"
#include "gateway/gateway_record.hpp"
#include "gateway/gateway_rollouts.hpp"
#include "gateway/gateway_seats.hpp"
#include "gateway/gateway_series.hpp"
#include "gateway/gateway_tokens.hpp"
#include "gateway/ports_file.hpp"
#include "gateway/rollout_desk.hpp"
#include "gateway/rollout_work.hpp"
#include "gateway/site_state.hpp"
#include "gateway/slot_watch.hpp"
#include "gateway/supervisor.hpp"
#include "gateway/web/api.hpp"
#include "gateway/web/cameras_api.hpp"
#include "gateway/web/devices_api.hpp"
#include "gateway/web/findings_api.hpp"
#include "gateway/web/front_door.hpp"
#include "gateway/web/households_api.hpp"
#include "gateway/web/nodes_api.hpp"
#include "gateway/web/seats_api.hpp"
#include "gateway/web/series_api.hpp"
#include "gateway/web/server.hpp"
#include "sync/store.hpp"
#include "sync/uplink.hpp"
#include "vision/link.hpp"

namespace jieding {

/// The composition root: every part of one running box, sinks first, sources last, so that each can
/// refer to the next stage when it is built and the sources end first. Thread-bound to io.
class Gateway {
 public:
  /// Opens the store and builds all parts; nothing listens yet. `read_only`: only the page, over a
  /// record that need not be sound.
  static Result<std::unique_ptr<Gateway>> open(boost::asio::io_context& io, config::Config config,
                                               std::vector<config::Node> nodes,
                                               bool read_only = false);
  ~Gateway();

  /// Listens, works until stop(), then drains: what was acknowledged is committed, the platform is
  /// told. An error when it cannot begin.
  boost::asio::awaitable<Result<void>> run();
  void stop();

 private:
  Gateway(boost::asio::io_context& io, config::Config config, std::vector<config::Node> nodes,
          std::unique_ptr<sync::Store> store, bool read_only);
  void build_vision();
  void build_uplink();
  void build_rollouts();
  void build_web();
  void build_update();
  void build_drivers();
  void build_driver(const drivers::DriverType& type, const drivers::DriverContext& context);
  boost::asio::awaitable<Result<void>> load();
  void recall(sync::SiteSnapshot snapshot);
  boost::asio::awaitable<void> record_start();
  boost::asio::awaitable<void> announce_until_stopped();
  boost::asio::awaitable<void> drain();
  bool business_time_known() const;
  Ports open_ports() const;
  /// One that cannot be made (a password that cannot be read) is tried again like one that fails.
  struct OwnDriver {
    const drivers::DriverType& type;
    std::unique_ptr<drivers::Driver> driver;
  };
  void committed();
  void read_token_again(const std::string& id);
  void supervise(Work work);
  void stop_parts(std::string_view kind);
  bool drained() const;

  const std::vector<config::Camera> cameras_of_file_;
  const std::vector<config::User> users_of_file_;
  config::Config config_;  ///< with what was set up on the page
  const bool read_only_;
  boost::asio::any_io_executor io_;
  RuntimeClock runtime_clock_;
  std::unique_ptr<PlaybackClock> playback_;  ///< null unless pictures drive the business clock
  std::unique_ptr<BusinessClock> system_clock_;
  const BusinessClock& clock_;
  std::unique_ptr<sync::Store> store_;
  SiteState state_;
  std::shared_ptr<vision::Link> vision_;  ///< null without cameras and users
  std::unique_ptr<sync::Uplink> uplink_;  ///< null where none is configured
  std::unique_ptr<GatewayAlerts> alerts_;
  std::unique_ptr<GatewayIntake> intake_;
  std::unique_ptr<GatewayFindings> findings_;
  std::unique_ptr<GatewayHouseholds> households_;
  std::unique_ptr<GatewayCameras> cameras_;
  std::unique_ptr<Renditions> renditions_;
  const std::vector<config::Node> nodes_;
  const NodePrograms node_programs_;
  const FirmwareShelf firmware_shelf_;
  std::unique_ptr<GatewayRollouts> rollouts_;
  std::unique_ptr<RolloutWork> rollout_work_;  ///< null without nodes
  std::unique_ptr<RolloutDesk> rollout_desk_;  ///< null without nodes
  std::unique_ptr<GatewayRecord> record_;
  std::unique_ptr<web::SessionStore> session_store_;
  std::unique_ptr<GatewaySeats> seats_;
  std::unique_ptr<GatewayTokens> tokens_;
  std::unique_ptr<web::Sessions> sessions_;
  std::unique_ptr<web::Api> api_;
  std::unique_ptr<web::FrontDoor> front_door_;
  std::unique_ptr<web::FindingsApi> findings_api_;
  std::unique_ptr<web::HouseholdsApi> households_api_;
  std::unique_ptr<web::CamerasApi> cameras_api_;
  std::unique_ptr<web::SeatsApi> seats_api_;
  std::unique_ptr<web::DevicesApi> devices_api_;
  std::unique_ptr<GatewaySeries> series_;
  std::unique_ptr<web::SeriesApi> series_api_;
  std::unique_ptr<web::NodesApi> nodes_api_;
  http::Routes routes_;
  std::unique_ptr<web::Server> server_;
  std::list<OwnDriver> drivers_;
  std::unique_ptr<SlotWatch> slot_watch_;           ///< null where no update is configured
  std::vector<std::unique_ptr<Supervisor>> parts_;  ///< all that must be kept running
  bool start_recorded_ = false;
  bool start_committed_ = false;
  bool stopping_ = false;
  boost::asio::steady_timer stopped_;  ///< cancelled by stop()
};

}  // namespace jieding
