#include "gateway/gateway_households.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "gateway/domain/refusal.hpp"
#include "gateway/policy_json.hpp"
#include "gateway/public_name.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::value index_or_null(const std::optional<std::uint64_t>& index) {
  return index ? json::value(*index) : json::value(nullptr);
}

json::object count_json(const config::Config& config, const sync::StoredHouseholdCount& stored) {
  const Households& households = stored.count.households;
  const std::string& document = stored.count.document_sha256;
  return {{"subject", households.subject},
          {"subject_name", subject_name(config, households.subject)},
          {"counted", to_text(households.counted)},
          {"awaiting_return", households.awaiting_return},
          {"housed", households.housed},
          {"awaiting_registration", households.awaiting_registration},
          {"document_sha256", document.empty() ? json::value(nullptr) : json::value(document)},
          {"by", stored.count.by},
          {"said", to_rfc3339(stored.count.said.at)},
          {"ledger_index", stored.ledger_index},
          {"corrects", index_or_null(stored.count.corrects)},
          {"corrected_by", index_or_null(stored.corrected_by)}};
}

bool is_counted(const Project& project, const std::string& subject) {
  const auto& phases = project.phases;
  return subject == project.id ||
         std::any_of(phases.begin(), phases.end(),
                     [&](const Phase& phase) { return phase.id == subject; });
}

}  // namespace

asio::awaitable<Result<void>> GatewayHouseholds::mirror() {
  auto counts = co_await parts_.book.all();
  if (!counts) co_return counts.error();
  std::vector<Households> standing;
  for (sync::StoredHouseholdCount& stored : *counts)
    if (!stored.corrected_by) standing.push_back(std::move(stored.count.households));
  parts_.state.set_households(std::move(standing));
  co_return Result<void>();
}

asio::awaitable<Result<json::value>> GatewayHouseholds::households() {
  const auto counts = co_await parts_.book.all();
  if (!counts) co_return counts.error();
  json::array array;
  for (auto stored = counts->rbegin(); stored != counts->rend(); ++stored)
    array.push_back(count_json(parts_.config, *stored));
  json::object answer;
  answer["counts"] = std::move(array);
  co_return json::value(std::move(answer));
}

/// Only a trusted clock knows what the future is, as with what a document shows.
Result<sync::HouseholdCount> GatewayHouseholds::count_of(const web::Person& person,
                                                         const web::HouseholdInput& input) const {
  const Households& households = input.households;
  if (!is_counted(parts_.config.project, households.subject))
    return Error{Fault::NotFound,
                 "households are counted of the project or a phase, and none has this id"};
  const Stamp now = parts_.clock.now();
  if (now.quality == TimeQuality::Unsynced)
    return Error{Fault::Unavailable,
                 "the box's clock is not trusted now, so nothing can be recorded; wait for time "
                 "synchronisation",
                 refusal::clock_untrusted};
  if (site_day(now.at) < households.counted)
    return Error{Fault::Invalid,
                 "a count on " + to_text(households.counted) +
                     " lies in the future; it is told when it was made",
                 refusal::in_future};
  return sync::HouseholdCount{households, public_name(parts_.config, person.id), now,
                              input.document_sha256, input.corrects};
}

asio::awaitable<Result<json::value>> GatewayHouseholds::count(web::Person person,
                                                              web::HouseholdInput input) {
  auto count = count_of(person, input);
  if (!count) co_return count.error();
  const auto index = co_await parts_.book.count(std::move(*count));
  if (!index) co_return index.error();
  const auto mirrored = co_await mirror();
  if (!mirrored) co_return mirrored.error();
  parts_.committed();
  json::object answer;
  answer["ledger_index"] = *index;
  co_return json::value(std::move(answer));
}

}  // namespace jieding
