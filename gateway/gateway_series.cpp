#include "gateway/gateway_series.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "gateway/domain/limit.hpp"
#include "sync/reading_buckets.hpp"

namespace jieding {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes step{10};
constexpr int steps = 24 * 6;
constexpr std::chrono::seconds told_again{30};

using Series = std::vector<sync::BucketSeries>;
using LoadSeries = std::function<Result<Series>(sync::Database&)>;

LoadSeries load_series(std::string device, sync::BucketSpan span) {
  return [device = std::move(device), span](sync::Database& database) {
    return sync::bucket_readings(database, device, span);
  };
}

/// Of a quantity the finest that there is: what is measured at an instant tells more than a mean.
bool is_finest(const Series& all, const sync::BucketSeries& one) {
  return std::ranges::none_of(all, [&](const sync::BucketSeries& other) {
    return other.quantity == one.quantity && other.statistic.period < one.statistic.period;
  });
}

json::object series_json(const sync::BucketSeries& series) {
  json::array points;
  for (const sync::ReadingBucket& each : series.buckets)
    points.push_back(json::array{each.number, each.low, each.mean, each.high});
  return {{"quantity", series.quantity},
          {"statistic", to_text(series.statistic)},
          {"unit", series.unit},
          {"points", std::move(points)}};
}

/// Such as can be drawn as a line over the values themselves.
bool is_line(const Limit& limit, const std::string& device) {
  return limit.applies_to(device) && limit.minus.empty() && limit.over.count() == 0;
}

json::object limit_json(const Limit& limit) {
  json::object object{{"quantity", limit.quantity},
                      {"statistic", to_text(limit.statistic)},
                      {"unit", limit.unit},
                      {"zh", limit.zh},
                      {"en", limit.en},
                      {"level", to_text(limit.level)},
                      {limit.side == Limit::Side::Above ? "above" : "below", limit.threshold}};
  if (limit.hours) {
    object["from"] = clock_text(limit.hours->from);
    object["until"] = clock_text(limit.hours->until);
  }
  return object;
}

json::value day_json(const config::Config& config, const std::string& device,
                     const sync::BucketSpan& span, const Series& all) {
  json::array series;
  for (const sync::BucketSeries& each : all)
    if (is_finest(all, each)) series.push_back(series_json(each));
  json::array limits;
  for (const Limit& limit : config.limits)
    if (is_line(limit, device)) limits.push_back(limit_json(limit));
  return {{"device", device},
          {"from", to_rfc3339(span.from)},
          {"until", to_rfc3339(span.until())},
          {"step_s", std::chrono::seconds{step}.count()},
          {"series", std::move(series)},
          {"limits", std::move(limits)}};
}

}  // namespace

boost::asio::awaitable<Result<json::value>> GatewaySeries::day_of(std::string device) {
  if (!parts_.config.device(device))
    co_return Error(Fault::NotFound, "there is no device " + device);
  const auto now = parts_.runtime_clock.now();
  if (const auto known = told_.find(device);
      known != told_.end() && now - known->second.at < told_again)
    co_return known->second.day;
  const sync::BucketSpan span{parts_.clock.now().at - step * steps, step, steps};
  LoadSeries work = load_series(device, span);
  auto all = co_await parts_.journal.read<Series>(std::move(work));
  if (!all) co_return all.error();
  json::value day = day_json(parts_.config, device, span, *all);
  told_.insert_or_assign(device, Told{now, day});
  co_return day;
}

}  // namespace jieding
