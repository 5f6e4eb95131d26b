#pragma once

#include <functional>
#include <map>
#include <string>

#include "gateway/gateway_alerts.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"
#include "gateway/site_state.hpp"
#include "sync/store.hpp"
#include "vision/link.hpp"

namespace jieding {

/// Where drivers hand in: vision and rules in between, the store behind. Thread-bound to io.
class GatewayIntake final : public Intake {
 public:
  /// `vision` is null where no camera is configured; `playback` is null unless pictures drive the
  /// business clock. `committed` is called after each commit.
  struct Parts {
    boost::asio::any_io_executor io;
    const config::Config& config;
    const BusinessClock& clock;
    PlaybackClock* playback;
    sync::Store& store;
    vision::Link* vision;
    SiteState& state;
    GatewayAlerts& alerts;
    std::function<void()> committed;
  };
  explicit GatewayIntake(Parts parts);

  /// From the snapshot at start.
  void resume_after(const std::vector<sync::CameraCursor>& cursors);
  /// From now on everything is answered Unavailable.
  void drain() { draining_ = true; }

  boost::asio::awaitable<Result<Accepted>> readings(Batch batch) override;
  boost::asio::awaitable<Result<Accepted>> readings_once(Batch batch, OnceKey key) override;
  boost::asio::awaitable<Result<FrameAccepted>> frame(Frame frame) override;
  boost::asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(
      std::string camera, std::string name) override;
  boost::asio::awaitable<Result<ClaimAccepted>> claim(Claim claim) override;
  boost::asio::awaitable<Result<DocumentKept>> document(Document document) override;
  void refuse(Refusal refusal) override;
  void health(DeviceHealth health) override;
  void heard(const std::string& device) override;
  void count(const std::string& device, const std::string& what) override;
  std::string last_frame(const std::string& camera) const override;

  /// What hoists and cranes show, and what was set going, from the store to the mirror.
  boost::asio::awaitable<void> mirror_heights();
  boost::asio::awaitable<void> mirror_actions();

  /// The estimator's state of a camera after its last frame that is committed, or about to be, for
  /// a vision process that starts anew.
  std::string vision_state(const std::string& camera) const;
  milestones::Terms terms() const;
  /// Records a statement and mirrors what became of it. Resumes after the commit.
  boost::asio::awaitable<Result<sync::Recorded>> state_that(milestones::Statement statement,
                                                            std::string comment,
                                                            std::optional<OnceKey> once = {});

 private:
  /// What is left of a frame when its bytes have gone to vision.
  struct FrameName {
    std::string camera;
    std::string name;
    Instant taken;
  };
  std::vector<ConfirmedCount> counts_for(const Frame& frame) const;
  /// Both live in frame(), which waits for it.
  boost::asio::awaitable<Result<FrameAccepted>> commit(const FrameName& frame,
                                                       const FrameReport& report);
  boost::asio::awaitable<void> mirror(std::vector<MilestoneKey> keys);
  boost::asio::awaitable<void> took(const Batch& batch, const Accepted& accepted);
  void follow_heights_soon();
  boost::asio::awaitable<void> follow_heights();
  boost::asio::awaitable<void> quarantine(Refusal refusal);
  sync::FrameCommit commit_of(const FrameName& frame, const FrameReport& report) const;
  std::vector<milestones::Statement> statements_of(const FrameName& frame,
                                                   const FrameReport& report) const;

  Parts parts_;
  bool draining_ = false;
  int refusals_in_flight_ = 0;
  bool heights_changed_ = false;
  bool following_heights_ = false;
  std::map<std::string, std::string> last_frames_;
  std::map<std::string, std::string> vision_states_;
};

/// What is stored of a building, as the page's mirror takes it.
BuildingView view_of(sync::EstimatePoint point);

}  // namespace jieding
