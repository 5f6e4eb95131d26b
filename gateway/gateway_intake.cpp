#include "gateway/gateway_intake.hpp"

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "gateway/milestones/counts.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"
#include "gateway/surroundings.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons)
    text += (text.empty() ? "" : ",") + reason;
  return text;
}

/// A flood of refused bytes must not fill the journal's queue: beyond this they are only counted.
constexpr int most_refusals_in_flight = 32;

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them.
std::vector<MilestoneKey> milestones_of(const FrameReport& report) {
  std::vector<MilestoneKey> keys;
  for (const Proposal& proposal : report.proposals) {
    keys.push_back({proposal.building, proposal.milestone, proposal.storey});
  }
  return keys;
}

using LoadMilestones = std::function<Result<std::vector<sync::StoredMilestone>>(sync::Database&)>;

LoadMilestones load_milestones(std::vector<MilestoneKey> keys) {
  return [keys = std::move(keys)](
             sync::Database& database) -> Result<std::vector<sync::StoredMilestone>> {
    std::vector<sync::StoredMilestone> found;
    for (const MilestoneKey& key : keys) {
      auto stored = sync::milestone_table::load(database, key);
      if (!stored) return stored.error();
      found.push_back(std::move(*stored));
    }
    return found;
  };
}

using LoadLevels = std::function<Result<std::vector<HeightLevel>>(sync::Database&)>;

LoadLevels load_levels(const HeightWitness& witness) {
  return [device = witness.device, quantity = witness.quantity](sync::Database& database) {
    return sync::height_log::levels(database, device, quantity);
  };
}

FrameAccepted outcome_of(const FrameReport& report, const sync::FramePictures& pictures,
                         Instant taken) {
  return {report.usable, joined(report.reasons), pictures.masked, taken};
}

Error stopping() {
  return {Fault::Unavailable, "the gateway is stopping; send again shortly"};
}

}  // namespace

GatewayIntake::GatewayIntake(Parts parts) : parts_(std::move(parts)) {}

void GatewayIntake::resume_after(const std::vector<sync::CameraCursor>& cursors) {
  for (const auto& cursor : cursors) {
    last_frames_[cursor.camera] = cursor.frame;
    vision_states_[cursor.camera] = cursor.state;
    if (parts_.playback && cursor.camera == parts_.config.clock.camera) {
      parts_.playback->move_to(cursor.taken);
    }
  }
}

asio::awaitable<Result<Accepted>> GatewayIntake::readings(Batch batch) {
  if (draining_) co_return stopping();
  if (!batch.empty()) parts_.alerts.heard(batch.front().device);  // also when it cannot be stored
  Batch copy = batch;
  auto accepted = co_await parts_.store.readings(std::move(copy));
  if (accepted) co_await took(batch, *accepted);
  co_return accepted;
}

asio::awaitable<void> GatewayIntake::took(const Batch& batch, const Accepted& accepted) {
  parts_.state.took(batch, accepted);
  if (accepted.alerts > 0) co_await parts_.alerts.mirror();
  parts_.committed();
  if (!batch.empty() && parts_.state.is_witness(batch.front().device)) follow_heights_soon();
}

asio::awaitable<Result<Accepted>> GatewayIntake::readings_once(Batch batch, OnceKey key) {
  if (draining_) co_return stopping();
  if (!batch.empty()) parts_.alerts.heard(batch.front().device);  // also when it cannot be stored
  Batch copy = batch;
  const auto done = co_await parts_.store.readings_once(std::move(copy), std::move(key));
  if (!done) co_return done.error();
  if (!done->again) {
    co_await took(batch, done->accepted);
  } else if (!batch.empty()) {
    parts_.state.heard(batch.front().device);
  }
  co_return done->accepted;
}

asio::awaitable<Result<FrameAccepted>> GatewayIntake::frame(Frame frame) {
  if (draining_) co_return stopping();
  parts_.alerts.heard(frame.camera);
  if (!parts_.vision) co_return Error{Fault::Unavailable, "no camera is configured"};
  if (auto room = parts_.store.room(); !room) co_return room.error();
  if (parts_.playback && frame.camera == parts_.config.clock.camera) {
    parts_.playback->move_to(frame.taken);
  }
  frame.counts = counts_for(frame);
  const FrameName name{frame.camera, frame.name, frame.taken};
  auto report = co_await parts_.vision->see(std::move(frame));
  if (!report) co_return report.error().in("camera " + name.camera);
  co_return co_await commit(name, *report);
}

std::vector<ConfirmedCount> GatewayIntake::counts_for(const Frame& frame) const {
  std::vector<std::string> buildings;
  if (const config::Camera* camera = parts_.config.camera(frame.camera))
    for (const config::Facade& facade : camera->facades)
      buildings.push_back(facade.building);
  return milestones::counts_at(parts_.state.milestones(), buildings, frame.taken);
}

asio::awaitable<Result<FrameAccepted>> GatewayIntake::commit(const FrameName& frame,
                                                             const FrameReport& report) {
  // Vision has seen the frame and passed the turn on: begun anew from here on, for another
  // camera's picture, it goes on from this frame. Each camera has one in hand at a time.
  std::string before = std::exchange(vision_states_[frame.camera], report.state);
  sync::FrameCommit work = commit_of(frame, report);
  auto committed = co_await parts_.store.frame(std::move(work));
  if (!committed) {
    // The record has not seen it: vision goes back to where that stands.
    vision_states_[frame.camera] = std::move(before);
    parts_.vision->restart();
    co_return committed.error().in("camera " + frame.camera);
  }
  last_frames_[frame.camera] = frame.name;
  for (const Error& refused : committed->refused)
    log::warning("milestones", refused.text());
  std::vector<MilestoneKey> touched = milestones_of(report);
  co_await mirror(std::move(touched));
  for (sync::EstimatePoint& building : committed->buildings)
    parts_.state.show(view_of(std::move(building)));
  parts_.state.heard(frame.camera);
  parts_.committed();
  FrameAccepted outcome = outcome_of(report, committed->pictures, frame.taken);
  co_return std::move(outcome);
}

asio::awaitable<Result<std::optional<FrameAccepted>>> GatewayIntake::frame_answer(
    std::string camera, std::string name) {
  if (draining_) co_return stopping();
  co_return co_await parts_.store.frame_answer(std::move(camera), std::move(name));
}

asio::awaitable<Result<ClaimAccepted>> GatewayIntake::claim(Claim claim) {
  milestones::Statement statement;
  statement.milestone = std::move(claim.milestone);
  statement.act = Act::Claim;
  statement.owner = claim.owner;
  statement.by = std::move(claim.by);
  statement.named_at = claim.at;
  statement.document_sha256 = std::move(claim.document_sha256);
  auto recorded =
      co_await state_that(std::move(statement), std::move(claim.note), std::move(claim.once));
  if (!recorded) co_return recorded.error();
  co_return ClaimAccepted{recorded->decision.status, recorded->index};
}

asio::awaitable<Result<DocumentKept>> GatewayIntake::document(Document document) {
  if (draining_) co_return stopping();
  const Instant at = parts_.clock.now().at;
  auto kept = co_await parts_.store.document(std::move(document), at);
  co_return kept;
}

asio::awaitable<Result<sync::Recorded>> GatewayIntake::state_that(milestones::Statement statement,
                                                                  std::string comment,
                                                                  std::optional<OnceKey> once) {
  if (draining_) co_return stopping();
  const auto sayable = check_subject(parts_.config, statement.milestone);
  if (!sayable) co_return sayable.error();
  statement.said = parts_.clock.now();
  if (statement.act != Act::Claim && statement.act != Act::Record)
    statement.named_at = statement.said.at;
  if (statement.act == Act::Claim)
    statement.contradicted_by = parts_.state.contradicting(statement.milestone);
  std::vector<MilestoneKey> touched{statement.milestone};
  milestones::Terms agreed = terms();
  agreed.around = surroundings_of(parts_.config.project, statement.milestone.building);
  auto recorded = co_await parts_.store.statement(std::move(statement), std::move(agreed),
                                                  std::move(comment), std::move(once));
  if (!recorded) co_return recorded;
  co_await mirror(std::move(touched));
  co_await mirror_actions();
  parts_.committed();
  co_return recorded;
}

asio::awaitable<void> GatewayIntake::mirror(std::vector<MilestoneKey> keys) {
  if (keys.empty()) co_return;
  LoadMilestones work = load_milestones(std::move(keys));
  auto stored =
      co_await parts_.store.journal().read<std::vector<sync::StoredMilestone>>(std::move(work));
  if (!stored) co_return;
  for (auto& each : *stored)
    parts_.state.set_milestone(std::move(each.milestone));
}

asio::awaitable<void> GatewayIntake::mirror_actions() {
  auto actions = co_await parts_.store.actions();
  if (actions) parts_.state.set_actions(std::move(*actions));
}

/// A hoist tells its floor every few seconds: while one look at the store is under way, further
/// changes wait for the next.
void GatewayIntake::follow_heights_soon() {
  heights_changed_ = true;
  if (following_heights_) return;
  following_heights_ = true;
  asio::co_spawn(parts_.io, follow_heights(), spoken_end("heights"));
}

asio::awaitable<void> GatewayIntake::follow_heights() {
  while (std::exchange(heights_changed_, false))
    co_await mirror_heights();
  following_heights_ = false;
  parts_.committed();
}

asio::awaitable<void> GatewayIntake::mirror_heights() {
  for (const HeightWitness& witness : parts_.state.witnesses()) {
    LoadLevels work = load_levels(witness);
    auto levels = co_await parts_.store.journal().read<std::vector<HeightLevel>>(std::move(work));
    if (levels) parts_.state.observe(witness, *levels);
  }
}

void GatewayIntake::refuse(Refusal refusal) {
  parts_.state.refused(refusal);
  if (draining_ || refusals_in_flight_ >= most_refusals_in_flight) return;
  ++refusals_in_flight_;
  asio::co_spawn(parts_.io, quarantine(std::move(refusal)), spoken_end("quarantine"));
}

asio::awaitable<void> GatewayIntake::quarantine(Refusal refusal) {
  co_await parts_.store.refuse(std::move(refusal), parts_.clock.now().at);
  --refusals_in_flight_;
  parts_.committed();
}

void GatewayIntake::health(DeviceHealth health) {
  parts_.state.set_health(health);
}

void GatewayIntake::heard(const std::string& device) {
  parts_.state.heard(device);
  parts_.alerts.heard(device);
}

void GatewayIntake::count(const std::string& device, const std::string& what) {
  parts_.state.count(device, what);
}

std::string GatewayIntake::last_frame(const std::string& camera) const {
  const auto found = last_frames_.find(camera);
  return found == last_frames_.end() ? std::string{} : found->second;
}

std::string GatewayIntake::vision_state(const std::string& camera) const {
  const auto found = vision_states_.find(camera);
  return found == vision_states_.end() ? std::string{} : found->second;
}

milestones::Terms GatewayIntake::terms() const {
  return {parts_.config.milestones.agreement_days, parts_.config.milestones.quorum, {}};
}

sync::FrameCommit GatewayIntake::commit_of(const FrameName& frame,
                                           const FrameReport& report) const {
  return {frame.camera,
          frame.name,
          frame.taken,
          report,
          statements_of(frame, report),
          terms(),
          parts_.config.camera_ids()};
}

std::vector<milestones::Statement> GatewayIntake::statements_of(const FrameName& frame,
                                                                const FrameReport& report) const {
  std::vector<milestones::Statement> statements;
  for (const Proposal& proposal : report.proposals) {
    milestones::Statement statement;
    statement.milestone = {proposal.building, proposal.milestone, proposal.storey};
    statement.act = Act::Propose;
    statement.owner = Owner::Box;
    statement.by = frame.camera;
    statement.named_at = proposal.at;
    statement.said = parts_.clock.now();
    statement.contradicted_by = parts_.state.contradicting(statement.milestone);
    statements.push_back(std::move(statement));
  }
  return statements;
}

BuildingView view_of(sync::EstimatePoint point) {
  return {std::move(point.estimate),
          point.disagree,
          std::move(point.words),
          point.at,
          point.usable,
          std::move(point.reasons),
          std::move(point.picture),
          std::move(point.overlay),
          point.at};
}

}  // namespace jieding
