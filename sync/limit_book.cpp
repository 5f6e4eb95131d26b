#include "sync/limit_book.hpp"

#include <algorithm>
#include <utility>

#include "sync/reading_store.hpp"

namespace jieding::sync {
namespace {

boost::json::object raise_data(const Limit& limit, const Reading& reading,
                               const LimitWatch::Turn& turn) {
  boost::json::object data{{"level", to_text(limit.level)},
                           {"zh", limit.zh},
                           {"en", limit.en},
                           {"quantity", limit.quantity},
                           {"statistic", to_text(reading.statistic)},
                           {"value", turn.value},
                           {"unit", limit.unit},
                           {"clear", limit.clear},
                           {"since", to_rfc3339(turn.since)}};
  if (!limit.minus.empty()) data["minus"] = limit.minus;
  if (limit.over.count() > 0) data["over_s"] = static_cast<double>(limit.over.count()) / 1000.0;
  if (limit.hours) {
    data["from"] = clock_text(limit.hours->from);
    data["until"] = clock_text(limit.hours->until);
  }
  data[limit.side == Limit::Side::Above ? "above" : "below"] = limit.threshold;
  return data;
}

boost::json::object clear_data(const LimitWatch::Turn& turn) {
  return {{"value", turn.value}, {"since", to_rfc3339(turn.since)}};
}

}  // namespace

LimitBook::LimitBook(std::vector<Limit> limits) : limits_(std::move(limits)) {
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    by_quantity_.emplace(limits_[i].quantity, i);
    const std::string& minus = limits_[i].minus;
    if (!minus.empty() && minus != limits_[i].quantity) by_quantity_.emplace(minus, i);
  }
}

Result<void> LimitBook::load(Database& database) {
  const auto open = alert_table::open(database);
  if (!open) return open.error();
  for (const OpenAlert& alert : *open)
    for (std::size_t i = 0; i < limits_.size(); ++i)
      if (alert.key.kind == "limit" && alert.key.name == limits_[i].id)
        watches_.insert_or_assign({i, alert.key.device}, LimitWatch(limits_[i], true));
  for (std::size_t i = 0; i < limits_.size(); ++i)
    if (auto recalled = recall(database, i); !recalled) return recalled;
  return {};
}

/// A change needs what was measured before this start.
Result<void> LimitBook::recall(Database& database, std::size_t place) {
  const Limit& limit = limits_[place];
  if (limit.over.count() == 0) return {};
  const auto past =
      readings::newest(database, limit.quantity, limit.statistic, limit.unit, 2 * limit.over);
  if (!past) return past.error();
  for (const Reading& reading : *past)
    if (limit.applies_to(reading.device))
      watches_.try_emplace({place, reading.device}, limit)
          .first->second.recall(reading.device_time, reading.value);
  return {};
}

Result<LimitBook::Looked> LimitBook::look(Database& database, Ledger& ledger,
                                          std::vector<const Reading*> fresh) {
  Looked looked;
  if (limits_.empty()) return looked;
  std::stable_sort(fresh.begin(), fresh.end(), [](const Reading* a, const Reading* b) {
    return a->device_time < b->device_time;
  });
  for (const Reading* reading : fresh) {
    const Timely timely = timeliness(*reading);
    bool wanted = false;
    const auto [begin, end] = by_quantity_.equal_range(reading->quantity);
    for (auto found = begin; found != end; ++found) {
      if (!limits_[found->second].applies_to(reading->device)) continue;
      wanted = true;
      if (timely != Timely::Now) continue;
      const auto turned = look_at(database, ledger, found->second, *reading);
      if (!turned) return turned.error();
      looked.turned += *turned ? 1 : 0;
    }
    if (wanted && (timely == Timely::Late || timely == Timely::Ahead)) ++looked.untimely;
  }
  return looked;
}

/// True: an event was written.
Result<bool> LimitBook::look_at(Database& database, Ledger& ledger, std::size_t place,
                                const Reading& reading) {
  const Limit& limit = limits_[place];
  LimitWatch& watch = watch_for_change({place, reading.device});
  const auto turn = watch.look(reading);
  if (!turn) return false;
  const AlertKey key{"limit", reading.device, limit.id};
  const auto fate =
      turn->raised ? alert_table::raise(database, ledger, key, reading.received,
                                        raise_data(limit, reading, *turn))
                   : alert_table::clear(database, ledger, key, reading.received, clear_data(*turn));
  if (!fate) return fate.error();
  if (*fate != AlertFate::Held) watch.take(*turn);
  return *fate == AlertFate::Written;
}

LimitWatch& LimitBook::watch_for_change(const Place& place) {
  const auto [found, made] = watches_.try_emplace(place, limits_[place.first]);
  undo_.push_back({place, made ? std::optional<LimitWatch>() : found->second});
  return found->second;
}

void LimitBook::undo(std::size_t down_to) {
  for (; undo_.size() > down_to; undo_.pop_back()) {
    Before& before = undo_.back();
    if (before.watch) {
      watches_.insert_or_assign(before.place, *before.watch);
    } else {
      watches_.erase(before.place);
    }
  }
}

}  // namespace jieding::sync
