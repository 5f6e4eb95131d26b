#include "gateway/gateway_record.hpp"

#include <boost/json/array.hpp>

#include "gateway/bulletin.hpp"
#include "gateway/domain/calendar.hpp"
#include "gateway/public_name.hpp"
#include "gateway/quarantine_json.hpp"
#include "sync/hash.hpp"
#include "sync/ledger_tiles.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::value time_or_null(const std::optional<Instant>& at) {
  return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

json::object point_json(const sync::EstimatePoint& point) {
  return {{"at", to_rfc3339(point.at)},
          {"storeys", point.estimate.storeys},
          {"low", point.estimate.storeys_low},
          {"high", point.estimate.storeys_high},
          {"stage", to_text(point.estimate.stage)},
          {"usable", point.usable},
          {"picture", point.picture.empty() ? json::value(nullptr) : json::value(point.picture)}};
}

/// A column of the chart of storeys over days.
json::object day_json(const sync::EstimatePoint& last) {
  return {{"day", to_text(site_day(last.at))},
          {"at", to_rfc3339(last.at)},
          {"storeys", last.estimate.storeys},
          {"bands", to_digits(last.estimate.bands)}};
}

json::value history_json(const config::Building& building,
                         const std::vector<sync::EstimatePoint>& points,
                         const std::vector<sync::EstimatePoint>& by_day) {
  json::array pictures;
  for (const auto& point : points)
    pictures.push_back(point_json(point));
  json::array days;
  for (const auto& last : by_day)
    days.push_back(day_json(last));
  return {{"building", building.id},
          {"storeys_planned", building.storeys},
          {"points", std::move(pictures)},
          {"days", std::move(days)}};
}

json::value events_json(std::uint64_t size, const std::vector<std::string>& leaves) {
  return {{"size", size}, {"events", json::array(leaves.begin(), leaves.end())}};
}

json::value recorded_json(const sync::Recorded& recorded) {
  return {{"status", to_text(recorded.decision.status)}, {"ledger_index", recorded.index}};
}

// GCC 12 destroys some aggregates that are built inside a coroutine twice.
Document document_of(std::string who, std::string bytes) {
  return {std::move(who), std::move(bytes)};
}

struct Refused {
  std::vector<sync::Quarantined> newest;
  std::vector<sync::RefusalCount> counts;
};

using LoadRefused = std::function<Result<Refused>(sync::Database&)>;

LoadRefused load_refused(std::size_t count) {
  return [count](sync::Database& database) -> Result<Refused> {
    auto newest = sync::quarantine::newest(database, count);
    if (!newest) return newest.error();
    auto counts = sync::quarantine::counts(database);
    if (!counts) return counts.error();
    return Refused{std::move(*newest), std::move(*counts)};
  };
}

/// Refused bytes may hold a password: the contractor sees those of the contractor's devices, of
/// cameras, and of what nobody knows yet.
void hide_others(const config::Config& config, Refused& refused) {
  const auto is_others = [&](const std::string& id) {
    const config::Device* device = config.device(id);
    return device != nullptr && device->owner != Owner::Contractor;
  };
  std::erase_if(refused.newest, [&](const auto& one) { return is_others(one.refusal.device); });
  std::erase_if(refused.counts, [&](const auto& one) { return is_others(one.device); });
}

json::value refused_json(const Refused& refused) {
  json::array newest;
  for (const sync::Quarantined& each : refused.newest)
    newest.push_back(to_json(each));
  json::array counts;
  for (const sync::RefusalCount& each : refused.counts)
    counts.push_back(
        json::object{{"device", each.device}, {"reason", each.reason}, {"refused", each.count}});
  return {{"newest", std::move(newest)}, {"counts", std::move(counts)}};
}

/// More than can be open at once, so that of the open ones none is left out.
constexpr std::size_t most_findings_told = 2000;

/// Named as in a building's estimate.
json::object picture_json(const sync::BuildingPicture& shown) {
  return {{"picture", shown.picture},
          {"overlay", shown.overlay.empty() ? json::value(nullptr) : json::value(shown.overlay)},
          {"picture_at", to_rfc3339(shown.taken)}};
}

using Alerts = std::vector<sync::OpenAlert>;
using LoadAlerts = std::function<Result<Alerts>(sync::Database&)>;

LoadAlerts load_past_alerts(SiteDay from) {
  return [from](sync::Database& database) {
    return sync::alert_table::over_since(database, beginning_of(from));
  };
}

}  // namespace

GatewayRecord::GatewayRecord(const config::Config& config, const SiteState& state,
                             sync::Store& store, GatewayIntake& intake,
                             const GatewayFindings& findings, const GatewayCameras& cameras,
                             const GatewayRollouts& rollouts, const sync::Uplink* uplink,
                             const Parts& parts, Renditions& renditions)
    : config_(config),
      state_(state),
      store_(store),
      intake_(intake),
      findings_(findings),
      cameras_(cameras),
      rollouts_(rollouts),
      uplink_(uplink),
      parts_(parts),
      renditions_(renditions),
      delayed_(store.cameras()) {}

asio::awaitable<Result<json::value>> GatewayRecord::site() {
  json::object site = state_.to_json();
  const sync::SignedCheckpoint checkpoint = store_.checkpoint();
  site["ledger"] = json::object{
      {"size", checkpoint.size}, {"root", sync::to_hex(checkpoint.root)}, {"key", store_.vkey()}};
  site["findings"] = findings_.summary();
  auto shown = co_await show_public_pictures(site);
  if (!shown) co_return shown.error();
  rollouts_.show(site);
  site["uplink"] = uplink_json();
  site["parts"] = parts_json();
  const auto metrics = store_.journal().metrics();
  site["journal"] = json::object{
      {"commits", metrics.commits}, {"writers", metrics.writers}, {"rows", metrics.rows}};
  co_return site;
}

/// The rule, and while it delays pictures, of each building the newest that is old enough.
asio::awaitable<Result<void>> GatewayRecord::show_public_pictures(json::object& site) {
  const PublicPictures rule = cameras_.public_pictures();
  site["pictures"] = json::object{{"shown", to_text(rule)}, {"delay_hours", rule.delay.count()}};
  const Instant by = state_.now().at - rule.delay;
  for (json::value& one : site["buildings"].as_array()) {
    json::object& building = one.as_object();
    building["public_picture"] = nullptr;
    if (rule.delay.count() == 0) continue;
    std::string id(building["id"].as_string());
    const auto picture = co_await delayed_.newest(std::move(id), by);
    if (!picture) co_return picture.error();
    if (*picture) building["public_picture"] = picture_json(**picture);
  }
  co_return Result<void>{};
}

asio::awaitable<Result<json::value>> GatewayRecord::history(std::string building) {
  const config::Building* known = config_.building(building);
  if (!known) {
    co_return Error{Fault::NotFound, "there is no building '" + building.substr(0, 40) + "' here"};
  }
  auto points = co_await store_.history(building);
  if (!points) co_return points.error();
  auto by_day = co_await store_.history_by_day(std::move(building));
  if (!by_day) co_return by_day.error();
  co_return history_json(*known, *points, *by_day);
}

asio::awaitable<Result<json::value>> GatewayRecord::events(std::uint64_t from,
                                                           std::uint64_t count) {
  auto leaves = co_await store_.events(from, count);
  if (!leaves) co_return leaves.error();
  co_return events_json(store_.checkpoint().size, *leaves);
}

asio::awaitable<Result<json::value>> GatewayRecord::bulletin(web::BulletinPeriod period) {
  const auto days = bulletin_days(period, site_day(state_.now().at));
  if (!days) co_return days.error();
  BulletinSources sources;
  for (const config::Building& building : config_.buildings) {
    auto by_day = co_await store_.history_by_day(building.id);
    if (!by_day) co_return by_day.error();
    sources.histories.insert_or_assign(building.id, std::move(*by_day));
  }
  auto findings = co_await store_.findings().newest(most_findings_told);
  if (!findings) co_return findings.error();
  sources.findings = std::move(*findings);
  auto alerts = co_await store_.alerts();
  if (!alerts) co_return alerts.error();
  sources.alerts = std::move(*alerts);
  LoadAlerts work = load_past_alerts(days->from);
  auto past = co_await store_.journal().read<Alerts>(std::move(work));
  if (!past) co_return past.error();
  sources.past_alerts = std::move(*past);
  sources.households = state_.households();
  sources.actions = state_.actions();
  sources.checkpoint = store_.checkpoint();
  sources.vkey = store_.vkey();
  co_return bulletin_json(config_, state_.milestones(), sources, *days, state_.now());
}

std::string GatewayRecord::checkpoint() const {
  return store_.checkpoint().note;
}

asio::awaitable<Result<std::string>> GatewayRecord::ledger_file(std::string name) {
  const auto tile = sync::tlog::tile_from_path(name);
  if (!tile) co_return Error{Fault::NotFound, "no file of the ledger has this name"};
  std::function<Result<std::string>(sync::Database&)> work = [tile](sync::Database& database) {
    return sync::ledger::file(database, *tile);
  };
  co_return co_await store_.journal().read<std::string>(std::move(work));
}

asio::awaitable<Result<web::ShownPicture>> GatewayRecord::evidence(std::string sha256, int px) {
  if (const std::string* kept = px > 0 ? renditions_.kept(sha256, px) : nullptr)
    co_return web::ShownPicture{*kept, true};
  auto stored = co_await store_.picture(sha256);
  if (!stored) co_return stored.error();
  if (px == 0) co_return web::ShownPicture{std::move(*stored), true};
  auto smaller = co_await renditions_.make(std::move(sha256), px, *stored);
  if (smaller) co_return web::ShownPicture{std::move(*smaller), true};
  co_return web::ShownPicture{std::move(*stored), false};
}

asio::awaitable<Result<bool>> GatewayRecord::is_public(std::string sha256) {
  const PublicPictures rule = cameras_.public_pictures();
  const Instant now = state_.now().at;
  if (rule.delay.count() == 0) co_return !rule.stopped;
  const auto taken = co_await store_.picture_taken(std::move(sha256));
  if (!taken) co_return taken.error();
  co_return jieding::is_public(rule, *taken, now);
}

asio::awaitable<Result<std::string>> GatewayRecord::document(std::string sha256) {
  co_return co_await store_.evidence(std::move(sha256));
}

asio::awaitable<Result<json::value>> GatewayRecord::quarantine(web::Person reader,
                                                               std::uint64_t count) {
  LoadRefused work = load_refused(count);
  auto refused = co_await store_.journal().read<Refused>(std::move(work));
  if (!refused) co_return refused.error();
  if (reader.role == Owner::Contractor) hide_others(config_, *refused);
  co_return refused_json(*refused);
}

asio::awaitable<Result<json::value>> GatewayRecord::act(web::Person person, web::Said said) {
  milestones::Statement statement;
  statement.milestone = std::move(said.milestone);
  statement.act = said.act;
  statement.owner = person.role;
  statement.by = public_name(config_, person.id);
  statement.document_sha256 = std::move(said.document_sha256);
  if (said.day) statement.named_at = beginning_of(*said.day);
  auto recorded = co_await intake_.state_that(std::move(statement), std::move(said.comment));
  if (!recorded) co_return recorded.error();
  co_return recorded_json(*recorded);
}

asio::awaitable<Result<std::string>> GatewayRecord::keep_document(web::Person person,
                                                                  std::string bytes) {
  Document document = document_of(public_name(config_, person.id), std::move(bytes));
  auto kept = co_await intake_.document(std::move(document));
  if (!kept) co_return kept.error();
  co_return std::move(kept->sha256);
}

json::array GatewayRecord::parts_json() const {
  json::array parts;
  for (const auto& part : parts_) {
    const PartHealth health = part->health();
    const auto last_word = state_.last_heard_through(part->name());
    parts.push_back(json::object{{"id", part->name()},
                                 {"kind", part->kind()},
                                 {"health", to_text(health.health)},
                                 {"reason", health.reason},
                                 {"since", time_or_null(health.since)},
                                 {"last_word", time_or_null(last_word)}});
  }
  return parts;
}

json::object GatewayRecord::uplink_json() const {
  if (!uplink_) return {{"enabled", false}, {"state", "off"}};
  const sync::UplinkStatus status = uplink_->status();
  return {{"enabled", true},
          {"state", sync::to_text(status.state)},
          {"since", to_rfc3339(status.since)},
          {"reason", status.reason},
          {"events", json::object{{"size", status.events_size},
                                  {"sent", status.events_sent},
                                  {"receipted", status.events_receipted}}},
          {"telemetry_waiting", status.telemetry_waiting},
          {"telemetry_dropped", status.telemetry_dropped},
          {"evidence_waiting", status.evidence_waiting},
          {"state_waiting", status.state_waiting},
          {"last_receipt",
           status.last_receipt.empty() ? json::value(nullptr) : json::value(status.last_receipt)},
          {"ignored", status.ignored},
          {"alarm", status.alarm}};
}

}  // namespace jieding
