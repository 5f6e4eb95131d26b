#include "gateway/domain/reading.hpp"

namespace jieding {

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

}  // namespace jieding
