#include "sync/public_pictures.hpp"

#include <boost/json/object.hpp>

#include "gateway/domain/milestone.hpp"
#include "sync/numbers.hpp"

namespace jieding::sync::public_pictures {
namespace {

/// Hours of delay; -1: stopped.
constexpr std::string_view kept_as = "public_pictures";
constexpr std::int64_t stopped = -1;

}  // namespace

Result<PublicPictures> get(Database& database) {
  const auto kept = numbers::get(database, kept_as);
  if (!kept) return kept.error();
  if (*kept == stopped) return PublicPictures{std::chrono::hours{0}, true};
  return PublicPictures{std::chrono::hours{*kept}, false};
}

Result<std::uint64_t> set(Database& database, Ledger& ledger, const PublicPictures& rule,
                          const std::string& by, Stamp said) {
  const boost::json::object told{{"shown", to_text(rule)},
                                 {"delay_hours", rule.delay.count()},
                                 {"owner", to_text(Owner::Operator)},
                                 {"by", by}};
  const std::int64_t kept = rule.stopped ? stopped : rule.delay.count();
  if (auto set = numbers::set(database, kept_as, kept); !set) return set.error();
  return ledger.append(database, EventDraft{"pictures", said, told});
}

}  // namespace jieding::sync::public_pictures
