#pragma once
// What the leading office is told of a period: the record's own words, in numbers and days.

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/domain/days.hpp"
#include "gateway/policy_json.hpp"
#include "gateway/web/record.hpp"
#include "sync/alert_table.hpp"
#include "sync/finding_table.hpp"
#include "sync/frame_log.hpp"
#include "sync/ledger.hpp"

namespace jieding {

/// What a bulletin is made of, read at one moment.
struct BulletinSources {
  /// By building, as frame_log::history_by_day gives them.
  std::map<std::string, std::vector<sync::EstimatePoint>> histories;
  std::vector<sync::StoredFinding> findings;
  std::vector<Households> households;  ///< counts that stand
  std::vector<sync::StoredAction> actions;
  std::vector<sync::OpenAlert> alerts;       ///< raised now
  std::vector<sync::OpenAlert> past_alerts;  ///< over, and raised last in the period or after it
  sync::SignedCheckpoint checkpoint;
  std::string vkey;
};

/// The days that are meant. Invalid: they have not all passed or begun.
Result<Days> bulletin_days(const web::BulletinPeriod& period, SiteDay today);

/// Storeys, milestones and findings are those of the days; deadlines, households, alerts and the
/// ledger's head are of now. What is not known is null, never nought. Holds no words of people and
/// no names.
boost::json::value bulletin_json(const config::Config& config, const AllMilestones& milestones,
                                 const BulletinSources& sources, const Days& days,
                                 const Stamp& now);

}  // namespace jieding
