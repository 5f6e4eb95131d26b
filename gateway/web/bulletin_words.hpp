#pragma once
// What the printed bulletin says, in both languages. `{}` is where a number or a day goes.

#include <string>
#include <string_view>

namespace jieding::web {

struct BulletinWords {
  std::string_view lang;
  std::string_view other_lang;  ///< of the link to the other language
  std::string_view other;
  std::string_view title, period, until, made, untrusted, unknown, none, show, week, month, from,
      to;
  std::string_view print;

  std::string_view works, building, planned, before, after, change, seen, forecast;
  std::string_view forecast_between, no_forecast, topped_out;

  std::string_view milestones_none, day, subject, what, status, owners, entry, storey;

  std::string_view deadlines_note, no_policy, rule, last_day, left, days, days_late;
  std::string_view no_facility, provisional;
  std::string_view settled, told;

  std::string_view households, counted, no_households, awaiting_return, housed;
  std::string_view awaiting_registration;

  std::string_view findings, findings_sum, findings_none, number, kind, place, raised, due, overdue;
  std::string_view on_site;

  std::string_view alerts, alerts_none, device, alert, since, stands, over, silence;

  std::string_view ledger, ledger_note, size, root, key, fingerprint;
};

const BulletinWords& bulletin_words(bool english);

}  // namespace jieding::web
