#include "gateway/gateway_findings.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "gateway/public_name.hpp"
#include "sync/hash.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value day_or_null(const std::optional<SiteDay>& day) {
  return day ? json::value(to_text(*day)) : json::value(nullptr);
}

std::string hash_of(const std::string& words) {
  return words.empty() ? std::string() : sync::sha256_hex(words);
}

/// A closed one counts no further.
std::int64_t days_open(const sync::StoredFinding& stored, Instant now) {
  const bool closed = stored.finding.status == FindingStatus::Closed;
  const Instant until = closed ? stored.steps.back().step.said.at : now;
  return (site_day(until) - site_day(stored.finding.raised)).count();
}

json::object finding_json(const sync::StoredFinding& stored, Instant now,
                          std::optional<Owner> reader) {
  const findings::Finding& finding = stored.finding;
  const sync::StoredStep& newest = stored.steps.back();
  const auto& photos = stored.steps.front().step.pictures;
  json::array may;
  if (reader)
    for (const FindingAct act : findings::acts_open_to(*reader, finding.status))
      may.emplace_back(to_text(act));
  return {{"finding", stored.id},
          {"kind", to_text(finding.kind)},
          {"building", text_or_null(finding.place.building)},
          {"storey", finding.place.storey},
          {"status", to_text(finding.status)},
          {"raised", to_rfc3339(finding.raised)},
          {"updated", to_rfc3339(newest.step.said.at)},
          {"ledger_index", newest.index},
          {"due", day_or_null(finding.due)},
          {"overdue", findings::overdue(finding, site_day(now))},
          {"days_open", days_open(stored, now)},
          {"photos", json::array(photos.begin(), photos.end())},
          {"may", std::move(may)}};
}

json::object step_json(const sync::StoredStep& stored) {
  const findings::Step& step = stored.step;
  return {{"act", to_text(step.act)},
          {"owner", to_text(step.owner)},
          {"by", step.by},
          {"said", to_rfc3339(step.said.at)},
          {"ledger_index", stored.index},
          {"status", to_text(stored.decision.status)},
          {"due", day_or_null(stored.decision.due)},
          {"text_sha256", text_or_null(step.text_sha256)},
          {"photos", json::array(step.pictures.begin(), step.pictures.end())}};
}

/// People write names into words: they are for those who signed in.
json::object told_json(const sync::FindingBook::Told& told, Instant now,
                       std::optional<Owner> reader) {
  json::object object = finding_json(told.finding, now, reader);
  json::array steps;
  for (std::size_t i = 0; i < told.finding.steps.size(); ++i) {
    json::object step = step_json(told.finding.steps[i]);
    step["text"] = reader ? text_or_null(told.texts[i]) : json::value(nullptr);
    steps.push_back(std::move(step));
  }
  object["place_sha256"] = text_or_null(told.finding.finding.place.words_sha256);
  object["place"] = reader ? text_or_null(told.place) : json::value(nullptr);
  object["steps"] = std::move(steps);
  return object;
}

json::value recorded_json(const sync::FindingRecorded& recorded) {
  return {{"finding", recorded.finding},
          {"status", to_text(recorded.decision.status)},
          {"due", day_or_null(recorded.decision.due)},
          {"ledger_index", recorded.index}};
}

json::value list_json(const std::vector<sync::StoredFinding>& all, Instant now,
                      std::optional<Owner> reader) {
  json::array array;
  for (const sync::StoredFinding& stored : all)
    array.push_back(finding_json(stored, now, reader));
  return {{"findings", std::move(array)}};
}

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them.
sync::Photo photo_of(std::string by, std::string jpeg, Instant at) {
  return {std::move(by), std::move(jpeg), at};
}
sync::FindingWords words_of(web::FindingInput& input) {
  return {std::move(input.text), std::move(input.place)};
}

}  // namespace

asio::awaitable<Result<void>> GatewayFindings::mirror() {
  auto now = co_await parts_.book.now();
  if (!now) co_return now.error();
  now_ = std::move(*now);
  co_return Result<void>();
}

json::object GatewayFindings::summary() const {
  const SiteDay today = site_day(parts_.clock.now().at);
  const auto overdue = std::count_if(now_.open.begin(), now_.open.end(), [&](const auto& finding) {
    return findings::overdue(finding, today);
  });
  return {{"open", now_.open.size()},
          {"overdue", overdue},
          {"newest", now_.newest ? json::value(*now_.newest) : json::value(nullptr)}};
}

asio::awaitable<Result<json::value>> GatewayFindings::photo(web::Person person, std::string jpeg) {
  if (!parts_.vision) co_return Error{Fault::Unavailable, "no photo can be masked here"};
  auto masked = co_await parts_.vision->mask(std::move(jpeg));
  if (!masked) co_return masked.error().in("the photo");
  sync::Photo photo =
      photo_of(public_name(parts_.config, person.id), std::move(*masked), parts_.clock.now().at);
  auto kept = co_await parts_.book.photo(std::move(photo));
  if (!kept) co_return kept.error();
  json::object answer;
  answer["sha256"] = *kept;
  co_return json::value(std::move(answer));
}

Result<void> GatewayFindings::check_place(const web::FindingInput& input) const {
  if (input.building.empty()) return {};
  const config::Building* building = parts_.config.building(input.building);
  if (!building)
    return Error{Fault::NotFound,
                 "there is no building '" + input.building.substr(0, 40) + "' here"};
  if (input.storey > building->storeys)
    return Error{Fault::Invalid, "storey " + std::to_string(input.storey) +
                                     " is above the building's " +
                                     std::to_string(building->storeys)};
  return {};
}

sync::FindingWord GatewayFindings::word_of(const web::Person& person,
                                           const web::FindingInput& input) const {
  sync::FindingWord word;
  word.finding = input.finding;
  word.kind = input.kind;
  word.place = {input.building, input.storey, hash_of(input.place)};
  word.step.act = input.act;
  word.step.owner = person.role;
  word.step.by = public_name(parts_.config, person.id);
  word.step.said = parts_.clock.now();
  word.step.text_sha256 = hash_of(input.text);
  word.step.pictures = input.photos;
  word.step.due = input.due;
  return word;
}

asio::awaitable<Result<json::value>> GatewayFindings::say(web::Person person,
                                                          web::FindingInput input,
                                                          std::optional<OnceKey> once) {
  if (auto place = check_place(input); !place) co_return place.error();
  sync::FindingWord word = word_of(person, input);
  sync::FindingWords words = words_of(input);
  const auto recorded = co_await parts_.book.say(std::move(word), std::move(words),
                                                 parts_.config.findings.due_days, std::move(once));
  if (!recorded) co_return recorded.error();
  co_await mirror();
  parts_.committed();
  co_return recorded_json(*recorded);
}

asio::awaitable<Result<json::value>> GatewayFindings::findings(std::uint64_t count,
                                                               std::optional<Owner> reader) {
  const auto all = co_await parts_.book.newest(count);
  if (!all) co_return all.error();
  co_return list_json(*all, parts_.clock.now().at, reader);
}

asio::awaitable<Result<json::value>> GatewayFindings::finding(std::uint64_t id,
                                                              std::optional<Owner> reader) {
  const auto told = co_await parts_.book.tell(id);
  if (!told) co_return told.error();
  json::object answer = told_json(*told, parts_.clock.now().at, reader);
  co_return json::value(std::move(answer));
}

}  // namespace jieding
