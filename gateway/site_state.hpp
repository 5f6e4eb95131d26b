#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "gateway/domain/fusion.hpp"
#include "gateway/domain/height_witness.hpp"
#include "gateway/domain/households.hpp"
#include "gateway/domain/reading.hpp"
#include "gateway/milestones/rules.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/intake.hpp"
#include "sync/action_table.hpp"
#include "sync/alert_table.hpp"

namespace jieding {

/// What the cameras last showed of one building.
struct BuildingView {
  BuildingEstimate estimate;  ///< all of them together
  bool disagree = false;
  std::vector<CameraWord> words;  ///< newest of each
  Instant at;                     ///< of the newest frame
  bool usable = false;
  std::vector<std::string> reasons;
  std::string picture;  ///< SHA-256 of the newest masked picture; empty: none yet
  std::string overlay;
  Instant picture_at;
};

/// The live state of the site, in memory: a mirror of what is committed, loaded at start and fed
/// after each commit. Nothing is decided here. Thread-bound to io.
class SiteState {
 public:
  SiteState(const config::Config& config, const BusinessClock& clock);

  void took(const Batch& batch, const Accepted& accepted);
  void refused(const Refusal& refusal);
  void set_health(const DeviceHealth& health);
  void heard(const std::string& device);
  /// See Intake::count.
  void count(const std::string& device, const std::string& what);
  void show(BuildingView view);
  void set_milestone(milestones::Milestone milestone);
  /// Nothing is taken in or written: the gateway was told only to show the record.
  void set_read_only(bool read_only) { read_only_ = read_only; }
  /// All counts that stand.
  void set_households(std::vector<Households> counts) { households_ = std::move(counts); }
  const std::vector<Households>& households() const { return households_; }
  /// All that the record has, those that stand no longer as well.
  void set_actions(std::vector<sync::StoredAction> actions) { actions_ = std::move(actions); }
  const std::vector<sync::StoredAction>& actions() const { return actions_; }
  /// All that are raised now.
  void set_alerts(std::vector<sync::OpenAlert> alerts);
  /// What a witness of heights has reached by now.
  void observe(const HeightWitness& witness, const std::vector<HeightLevel>& levels);
  const std::vector<HeightWitness>& witnesses() const { return witnesses_; }
  bool is_witness(const std::string& device) const;
  /// Witnesses whose heights speak against a milestone as they stand now.
  std::vector<std::string> contradicting(const MilestoneKey& milestone) const;
  /// What was known before this start.
  struct Memory {
    std::vector<Reading> latest;
    std::uint64_t stored = 0;
    std::uint64_t repeated = 0;
    std::map<std::string, std::uint64_t> refused;  ///< by device; "" where none was known
  };
  void recall(const Memory& memory);

  std::optional<Instant> last_heard(const std::string& unit) const;
  /// When any device or camera that this driver serves was last heard.
  std::optional<Instant> last_heard_through(std::string_view driver) const;

  const milestones::Milestone* milestone(const MilestoneKey& key) const;
  const std::map<MilestoneKey, milestones::Milestone>& milestones() const { return milestones_; }

  Stamp now() const { return clock_.now(); }
  /// The parts of GET /api/v1/site that live here: site, clock, buildings, devices, cameras,
  /// alerts, counts.
  boost::json::object to_json() const;

 private:
  struct Latest {
    double value;
    std::string unit;
    Statistic statistic;
    Instant at;
  };
  struct Unit {  ///< one device or camera
    std::optional<Instant> last_heard;
    bool silent = false;
    Health health = Health::Ok;
    std::string reason;
    std::optional<Instant> since;  ///< of what it is if not ok
    std::uint64_t refused = 0;
    std::map<std::string, std::uint64_t> counts;  ///< since the start, by word
    std::map<std::string, Latest> latest;         ///< by quantity
  };

  void note_latest(const Reading& reading);
  boost::json::object unit_json(const std::string& id, const std::string& name) const;
  boost::json::object device_json(const config::Device& device) const;
  boost::json::object building_json(const config::Building& building) const;
  boost::json::array alerts_json() const;
  boost::json::array wholes_json() const;
  boost::json::array milestones_json(const std::string& subject, int storeys_planned) const;
  std::vector<Observation> observations(const std::string& building) const;

  const config::Config& config_;
  const BusinessClock& clock_;
  std::map<std::string, Unit> units_;
  std::map<std::string, BuildingView> views_;
  std::map<MilestoneKey, milestones::Milestone> milestones_;
  std::vector<Households> households_;
  std::vector<sync::StoredAction> actions_;
  bool read_only_ = false;
  std::vector<sync::OpenAlert> alerts_;
  std::vector<HeightWitness> witnesses_;
  std::map<std::pair<std::string, std::string>, Observation> observed_;  ///< by device and quantity
  std::uint64_t stored_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace jieding
