#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/time.hpp"

namespace jieding {

/// The period a value stands for. Stored as a number: never renumber.
enum class Period { Realtime = 0, Minute = 1, Hour = 2, Day = 3 };

/// How the value stands for its period. Stored as a number: never renumber.
enum class Aggregate { Sample = 0, Minimum = 1, Mean = 2, Maximum = 3, Total = 4 };

struct Statistic {
  Period period = Period::Realtime;
  Aggregate aggregate = Aggregate::Sample;
  friend bool operator==(const Statistic&, const Statistic&) = default;
};

/// `realtime`, `minute.mean`, `day.max` ...
std::string to_text(Statistic statistic);
std::optional<Statistic> statistic_from_text(std::string_view text);

/// The longest name of a quantity.
constexpr std::size_t longest_quantity = 64;
/// 1 to `longest_quantity` of a-z, 0-9 and _.
bool is_quantity(std::string_view text);

/// One measurement by one device. Identity: device, quantity, statistic, device_time.
struct Reading {
  std::string device;
  std::string quantity;  ///< `pm10`, `noise`, `wind_speed`, `hoist_top_floor` ...
  Statistic statistic;
  double value = 0;
  std::string unit;     ///< SenML unit name (RFC 8428 §12.1, RFC 8798), e.g. `ug/m3`, `dB`, `Cel`
  Instant device_time;  ///< what the device said, never rewritten
  Stamp received;       ///< our business clock at arrival
  std::string flag;     ///< the device's own data flag (HJ 212: N F M S D C T B); empty: none given
};

/// What one acknowledgement covers: it is stored whole or not at all.
using Batch = std::vector<Reading>;

}  // namespace jieding
