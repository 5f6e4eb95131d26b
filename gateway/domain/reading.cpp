#include "gateway/domain/reading.hpp"

#include <algorithm>

#include "gateway/domain/digit.hpp"

namespace jieding {

bool is_quantity(std::string_view text) {
  return !text.empty() && text.size() <= longest_quantity &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; });
}

std::string to_text(Statistic statistic) {
  std::string text;
  switch (statistic.period) {
    case Period::Realtime:
      text = "realtime";
      break;
    case Period::Minute:
      text = "minute";
      break;
    case Period::Hour:
      text = "hour";
      break;
    case Period::Day:
      text = "day";
      break;
  }
  switch (statistic.aggregate) {
    case Aggregate::Sample:
      break;
    case Aggregate::Minimum:
      text += ".min";
      break;
    case Aggregate::Mean:
      text += ".mean";
      break;
    case Aggregate::Maximum:
      text += ".max";
      break;
    case Aggregate::Total:
      text += ".total";
      break;
  }
  return text;
}

std::optional<Statistic> statistic_from_text(std::string_view text) {
  for (const Period period : {Period::Realtime, Period::Minute, Period::Hour, Period::Day}) {
    for (const Aggregate aggregate : {Aggregate::Sample, Aggregate::Minimum, Aggregate::Mean,
                                      Aggregate::Maximum, Aggregate::Total}) {
      const Statistic statistic{period, aggregate};
      if (to_text(statistic) == text) return statistic;
    }
  }
  return std::nullopt;
}

}  // namespace jieding
