#include "gateway/site_state.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "gateway/height_witnesses.hpp"
#include "gateway/policy_json.hpp"
#include "gateway/programme.hpp"

namespace jieding {
namespace {

namespace json = boost::json;

/// Words of one device that are counted; drivers have a few dozen at most.
constexpr std::size_t most_counted_words = 64;

json::value time_or_null(const std::optional<Instant>& at) {
  return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object grounds_json(const std::vector<Measure>& grounds) {
  json::object object;
  for (const Measure& ground : grounds)
    object[ground.name] = ground.value;
  return object;
}

json::object word_json(const CameraWord& word) {
  return {{"camera", word.camera},
          {"at", to_rfc3339(word.at)},
          {"storeys", word.estimate.storeys},
          {"storeys_low", word.estimate.storeys_low},
          {"storeys_high", word.estimate.storeys_high},
          {"confidence", word.estimate.confidence},
          {"grounds", grounds_json(word.estimate.grounds)}};
}

json::object estimate_json(const BuildingView& view) {
  const BuildingEstimate& estimate = view.estimate;
  json::array bands;
  for (const StoreyState state : estimate.bands)
    bands.emplace_back(to_text(state));
  json::array words;
  for (const CameraWord& word : view.words)
    words.push_back(word_json(word));
  return {{"at", to_rfc3339(view.at)},
          {"storeys", estimate.storeys},
          {"storeys_low", estimate.storeys_low},
          {"storeys_high", estimate.storeys_high},
          {"stage", to_text(estimate.stage)},
          {"confidence", estimate.confidence},
          {"bands", std::move(bands)},
          {"cameras", std::move(words)},
          {"cameras_disagree", view.disagree},
          {"usable", view.usable},
          {"reasons", json::array(view.reasons.begin(), view.reasons.end())},
          {"picture", text_or_null(view.picture)},
          {"overlay", text_or_null(view.overlay)},
          {"picture_at",
           view.picture.empty() ? json::value(nullptr) : json::value(to_rfc3339(view.picture_at))}};
}

json::object statement_json(const milestones::Statement& statement) {
  return {{"act", to_text(statement.act)},
          {"owner", to_text(statement.owner)},
          {"by", statement.by},
          {"at", to_rfc3339(statement.named_at)},
          {"said", to_rfc3339(statement.said.at)},
          {"ledger_index", statement.ledger_index},
          {"evidence", json::array(statement.evidence.begin(), statement.evidence.end())},
          {"contradicted_by",
           json::array(statement.contradicted_by.begin(), statement.contradicted_by.end())},
          {"comment_sha256", text_or_null(statement.comment_sha256)},
          {"document_sha256", text_or_null(statement.document_sha256)}};
}

json::object milestone_json(const milestones::Milestone& milestone) {
  const MilestoneKind* kind = find_milestone_kind(milestone.key.kind);
  json::array statements;
  for (const auto& statement : milestone.statements)
    statements.push_back(statement_json(statement));
  json::array may;
  for (const Act act : milestones::acts_open_to(Owner::Group, milestone.status)) {
    may.emplace_back(to_text(act));
  }
  json::object object{{"milestone", milestone.key.kind},     {"storey", milestone.key.storey},
                      {"zh", kind ? kind->zh : ""},          {"en", kind ? kind->en : ""},
                      {"status", to_text(milestone.status)}, {"at", to_rfc3339(milestone.at)}};
  if (!milestone.statements.empty()) {
    const milestones::Statement& newest = milestone.statements.back();
    object["updated"] = to_rfc3339(newest.said.at);
    object["ledger_index"] = newest.ledger_index;
  }
  object["statements"] = std::move(statements);
  object["may"] = std::move(may);
  return object;
}

json::value number_or_null(const std::optional<int>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object observation_json(const Observation& observation, const BuildingView* view) {
  json::object object{{"device", observation.device},
                      {"owner", to_text(observation.owner)},
                      {"shows", to_text(observation.shows)},
                      {"level", observation.level},
                      {"since", to_rfc3339(observation.since)},
                      {"last", to_rfc3339(observation.last)},
                      {"storeys_low", number_or_null(observation.storeys_low)},
                      {"storeys_high", number_or_null(observation.storeys_high)}};
  const Says says = view == nullptr ? Says::Nothing
                                    : word_on(observation, view->estimate.storeys_low,
                                              view->estimate.storeys_high);
  object["estimate"] = to_text(says);
  return object;
}

/// Those of the building's witnesses that have a word on the milestone.
json::array words_json(const std::vector<Observation>& observations, const MilestoneKey& milestone,
                       int storeys_planned) {
  json::array array;
  for (const Observation& observation : observations) {
    const Says says = word_on(observation, milestone, storeys_planned);
    if (says == Says::Nothing) continue;
    array.push_back(json::object{{"device", observation.device},
                                 {"owner", to_text(observation.owner)},
                                 {"says", to_text(says)}});
  }
  return array;
}

}  // namespace

SiteState::SiteState(const config::Config& config, const BusinessClock& clock)
    : config_(config), clock_(clock), witnesses_(height_witnesses(config)) {
  for (const auto& device : config_.devices)
    units_[device.id];
  for (const auto& camera : config_.cameras)
    units_[camera.id];
}

void SiteState::heard(const std::string& device) {
  const auto unit = units_.find(device);
  if (unit == units_.end()) return;
  unit->second.last_heard = clock_.now().at;
  unit->second.health = Health::Ok;
  unit->second.reason.clear();
  unit->second.since.reset();
}

void SiteState::count(const std::string& device, const std::string& what) {
  const auto unit = units_.find(device);
  if (unit == units_.end()) return;
  auto& counts = unit->second.counts;
  const bool known = counts.contains(what) || counts.size() < most_counted_words;
  ++counts[known ? what : "other"];
}

void SiteState::took(const Batch& batch, const Accepted& accepted) {
  stored_ += accepted.stored;
  repeated_ += accepted.repeated;
  if (batch.empty()) return;
  heard(batch.front().device);
  if (accepted.untimely > 0) count(batch.front().device, "limit.untimely");
  for (const Reading& reading : batch)
    note_latest(reading);
}

void SiteState::note_latest(const Reading& reading) {
  const auto unit = units_.find(reading.device);
  if (unit == units_.end()) return;
  auto& latest = unit->second.latest[reading.quantity];
  if (latest.at > reading.device_time) return;
  latest = {reading.value, reading.unit, reading.statistic, reading.device_time};
}

void SiteState::refused(const Refusal& refusal) {
  ++refused_;
  const auto unit = units_.find(refusal.device);
  if (unit != units_.end()) ++unit->second.refused;
}

void SiteState::set_health(const DeviceHealth& health) {
  const auto unit = units_.find(health.device);
  if (unit == units_.end()) return;
  Unit& known = unit->second;
  if (health.health == Health::Ok) {
    known.since.reset();
  } else if (health.since) {
    known.since = health.since;
  } else if (known.health != health.health || !known.since) {
    known.since = clock_.now().at;
  }
  known.health = health.health;
  known.reason = health.reason;
}

void SiteState::show(BuildingView view) {
  const std::string building = view.estimate.building;
  BuildingView& shown = views_[building];
  // The last picture stays in place: some are of no use, and some cannot be masked surely.
  if ((!view.usable || view.picture.empty()) && !shown.picture.empty()) {
    view.picture = shown.picture;
    view.overlay = shown.overlay;
    view.picture_at = shown.picture_at;
  }
  shown = std::move(view);
}

void SiteState::set_milestone(milestones::Milestone milestone) {
  MilestoneKey key = milestone.key;
  milestones_.insert_or_assign(std::move(key), std::move(milestone));
}

void SiteState::set_alerts(std::vector<sync::OpenAlert> alerts) {
  alerts_ = std::move(alerts);
  for (auto& [id, unit] : units_)
    unit.silent = false;
  for (const sync::OpenAlert& alert : alerts_) {
    const auto unit = units_.find(alert.key.device);
    if (unit != units_.end() && alert.key.kind == "silence") unit->second.silent = true;
  }
}

void SiteState::observe(const HeightWitness& witness, const std::vector<HeightLevel>& levels) {
  const config::Building* building = config_.building(witness.building);
  if (building == nullptr) return;
  auto seen = jieding::observe(witness, {building->storeys, building->storey_height_m}, levels);
  if (seen) observed_.insert_or_assign({witness.device, witness.quantity}, std::move(*seen));
}

bool SiteState::is_witness(const std::string& device) const {
  return std::any_of(witnesses_.begin(), witnesses_.end(),
                     [&](const HeightWitness& witness) { return witness.device == device; });
}

std::vector<std::string> SiteState::contradicting(const MilestoneKey& milestone) const {
  std::vector<std::string> devices;
  const config::Building* building = config_.building(milestone.building);
  if (building == nullptr) return devices;
  for (const Observation& observation : observations(milestone.building))
    if (word_on(observation, milestone, building->storeys) == Says::Contradicts)
      devices.push_back(observation.device);
  return devices;
}

std::vector<Observation> SiteState::observations(const std::string& building) const {
  std::vector<Observation> found;
  for (const HeightWitness& witness : witnesses_) {
    const auto observed = observed_.find({witness.device, witness.quantity});
    if (witness.building == building && observed != observed_.end())
      found.push_back(observed->second);
  }
  return found;
}

void SiteState::recall(const Memory& memory) {
  stored_ = memory.stored;
  repeated_ = memory.repeated;
  for (const Reading& reading : memory.latest) {
    note_latest(reading);
    const auto unit = units_.find(reading.device);
    if (unit == units_.end()) continue;
    auto& heard = unit->second.last_heard;
    if (!heard || *heard < reading.received.at) heard = reading.received.at;
  }
  for (const auto& [device, count] : memory.refused) {
    refused_ += count;
    const auto unit = units_.find(device);
    if (unit != units_.end()) unit->second.refused += count;
  }
}

const milestones::Milestone* SiteState::milestone(const MilestoneKey& key) const {
  const auto found = milestones_.find(key);
  return found == milestones_.end() ? nullptr : &found->second;
}

std::optional<Instant> SiteState::last_heard(const std::string& unit) const {
  const auto known = units_.find(unit);
  return known == units_.end() ? std::nullopt : known->second.last_heard;
}

std::optional<Instant> SiteState::last_heard_through(std::string_view driver) const {
  std::optional<Instant> newest;
  const auto weigh = [&](const auto& configured) {
    const auto heard = units_.at(configured.id).last_heard;
    const bool through = configured.driver == driver;
    if (through && heard && (!newest || *newest < *heard)) newest = heard;
  };
  for (const auto& device : config_.devices)
    weigh(device);
  for (const auto& camera : config_.cameras)
    weigh(camera);
  return newest;
}

json::object SiteState::to_json() const {
  const Stamp now = clock_.now();
  const bool playback = config_.clock.mode == config::ClockMode::Playback;
  json::array buildings;
  for (const auto& building : config_.buildings)
    buildings.push_back(building_json(building));
  json::array devices;
  for (const auto& device : config_.devices)
    devices.push_back(device_json(device));
  json::array cameras;
  for (const auto& camera : config_.cameras)
    cameras.push_back(unit_json(camera.id, camera.name));
  return {{"site", json::object{{"id", config_.site.id},
                                {"name", config_.site.name},
                                {"gateway", config_.site.gateway},
                                {"time_zone", config_.site.time_zone}}},
          {"clock", json::object{{"now", to_rfc3339(now.at)},
                                 {"mode", playback ? "playback" : "system"},
                                 {"quality", jieding::to_text(now.quality)}}},
          {"buildings", std::move(buildings)},
          {"wholes", wholes_json()},
          {"policy", policy_json(config_, {milestones_, households_, actions_}, now)},
          {"households", households_json(config_, households_)},
          {"read_only", read_only_},
          {"devices", std::move(devices)},
          {"cameras", std::move(cameras)},
          {"alerts", alerts_json()},
          {"counts", json::object{{"readings_stored", stored_},
                                  {"readings_repeated", repeated_},
                                  {"refused", refused_}}}};
}

json::object SiteState::unit_json(const std::string& id, const std::string& name) const {
  const Unit& unit = units_.at(id);
  const bool only_silent = unit.silent && unit.health == Health::Ok;
  return {{"id", id},
          {"name", name},
          {"health", only_silent ? "silent" : to_text(unit.health)},
          {"reason", unit.reason},
          {"since", time_or_null(only_silent ? unit.last_heard : unit.since)},
          {"last_heard", time_or_null(unit.last_heard)},
          {"refused", unit.refused}};
}

json::object SiteState::device_json(const config::Device& device) const {
  json::object object = unit_json(device.id, device.name);
  object["driver"] = device.driver;
  object["simulated"] = device.driver == "simulated";  // nobody may take it for real
  object["owner"] = jieding::to_text(device.owner);
  object["building"] = device.building;
  json::object counts;
  for (const auto& [what, number] : units_.at(device.id).counts)
    counts[what] = number;
  object["counts"] = std::move(counts);
  json::array latest;
  for (const auto& [quantity, value] : units_.at(device.id).latest) {
    latest.push_back(json::object{{"quantity", quantity},
                                  {"value", value.value},
                                  {"unit", value.unit},
                                  {"statistic", jieding::to_text(value.statistic)},
                                  {"at", to_rfc3339(value.at)}});
  }
  object["latest"] = std::move(latest);
  return object;
}

json::object SiteState::building_json(const config::Building& building) const {
  const auto view = views_.find(building.id);
  json::array observed;
  for (const Observation& observation : observations(building.id))
    observed.push_back(
        observation_json(observation, view == views_.end() ? nullptr : &view->second));
  return {{"id", building.id},
          {"name", building.name},
          {"storeys_planned", building.storeys},
          {"storey_height_m", building.storey_height_m},
          {"plan", plan_json(building.plan)},
          {"estimate",
           view == views_.end() ? json::value(nullptr) : json::value(estimate_json(view->second))},
          {"observations", std::move(observed)},
          {"forecast", forecast_json(building, milestones_, clock_.now())},
          {"milestones", milestones_json(building.id, building.storeys)}};
}

/// What documents tell is mostly said of the project, its phases and facilities.
json::array SiteState::wholes_json() const {
  json::array array;
  const auto add = [&](std::string_view kind, const auto& whole) {
    array.push_back(json::object{{"id", whole.id},
                                 {"kind", kind},
                                 {"name", whole.name},
                                 {"milestones", milestones_json(whole.id, 0)}});
  };
  add("project", config_.project);
  for (const Phase& phase : config_.project.phases)
    add("phase", phase);
  for (const Facility& facility : config_.project.facilities)
    add("facility", facility);
  return array;
}

/// Each as the ledger says it, with when and where it says so.
json::array SiteState::alerts_json() const {
  json::array array;
  for (const sync::OpenAlert& alert : alerts_) {
    json::object object = alert.says;
    object["raised"] = to_rfc3339(alert.raised);
    object["ledger_index"] = alert.ledger_index;
    array.push_back(std::move(object));
  }
  return array;
}

json::array SiteState::milestones_json(const std::string& subject, int storeys_planned) const {
  const std::vector<Observation> observed = observations(subject);
  json::array array;
  for (const auto& [key, milestone] : milestones_) {
    if (key.building != subject) continue;
    json::object object = milestone_json(milestone);
    object["observations"] = words_json(observed, key, storeys_planned);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace jieding
