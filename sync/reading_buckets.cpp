#include "sync/reading_buckets.hpp"

namespace jieding::sync {

Result<std::vector<BucketSeries>> bucket_readings(Database& database, const std::string& device,
                                                  const BucketSpan& span) {
  std::vector<BucketSeries> found;
  const std::int64_t from = span.from.time_since_epoch().count();
  Statement query = database.prepare(
      "select s.id, s.quantity, s.period, s.aggregate, u.name, (r.at - ?) / ? as bucket,"
      " min(r.value), avg(r.value), max(r.value)"
      " from series s join reading r on r.series = s.id join unit u on u.id = r.unit"
      " where s.device = ? and s.aggregate in (?, ?) and r.nth = 0 and r.flag in ('', 'N')"
      " and r.at >= ? and r.at < ?"
      " group by s.id, u.id, bucket order by s.quantity, s.period, s.id, u.id, bucket",
      from, span.step.count(), device, Aggregate::Sample, Aggregate::Mean, from,
      span.until().time_since_epoch().count());
  std::int64_t series = -1;
  while (query.next()) {
    const std::string unit = query.text(4);
    if (query.integer(0) != series || found.back().unit != unit) {
      series = query.integer(0);
      const Statistic statistic{static_cast<Period>(query.integer(2)),
                                static_cast<Aggregate>(query.integer(3))};
      found.push_back({query.text(1), statistic, unit, {}});
    }
    found.back().buckets.push_back(
        {static_cast<int>(query.integer(5)), query.real(6), query.real(7), query.real(8)});
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

}  // namespace jieding::sync
