#include "drivers/hj212_factors.hpp"

#include <array>

namespace jieding::drivers::hj212 {
namespace {

// The standard prints ng/m3 for dust; the stations in the field send ug/m3 (a few mg/m3), so ug/m3
// is the default and `units` of the device says otherwise. Pressure is kPa in the standard; some
// stations send hPa. The ranges are there to catch exactly these mistakes: nothing is guessed.
// clang-format off
constexpr std::array<Factor, 19> table{{
    // code    quantity          stored   sent     least   most
    {"a34001", "tsp",            "ug/m3", "ug/m3",     0, 30000},
    {"a34002", "pm10",           "ug/m3", "ug/m3",     0, 10000},
    {"a34004", "pm25",           "ug/m3", "ug/m3",     0, 10000},
    {"a34005", "pm1",            "ug/m3", "ug/m3",     0, 10000},
    {"a01001", "temperature",    "Cel",   "Cel",     -60,    80},
    {"a01002", "humidity",       "%RH",   "%RH",       0,   100},
    {"a01006", "pressure",       "hPa",   "kPa",     300,  1100},
    {"a01007", "wind_speed",     "m/s",   "m/s",       0,    75},
    {"a01008", "wind_direction", "deg",   "deg",       0,   360},
    {"LA",     "noise",          "dB",    "dB",        0,   150},
    {"Leq",    "noise_leq",      "dB",    "dB",        0,   150},
    {"L5",     "noise_l5",       "dB",    "dB",        0,   150},
    {"L10",    "noise_l10",      "dB",    "dB",        0,   150},
    {"L50",    "noise_l50",      "dB",    "dB",        0,   150},
    {"L90",    "noise_l90",      "dB",    "dB",        0,   150},
    {"L95",    "noise_l95",      "dB",    "dB",        0,   150},
    {"LMx",    "noise_max",      "dB",    "dB",        0,   150},
    {"LMn",    "noise_min",      "dB",    "dB",        0,   150},
    {"Ldn",    "noise_ldn",      "dB",    "dB",        0,   150},
}};
// clang-format on

struct Conversion {
  std::string_view sent;
  std::string_view stored;
  double factor;
};

constexpr std::array<Conversion, 4> conversions{{
    {"ng/m3", "ug/m3", 1e-3},
    {"mg/m3", "ug/m3", 1e3},
    {"kPa", "hPa", 10},
    {"Pa", "hPa", 1e-2},
}};

}  // namespace

std::span<const Factor> factors() {
  return table;
}

const Factor* find_factor(std::string_view code) {
  for (const Factor& factor : table) {
    // Codes of one kind differ at their end.
    if (!code.empty() && factor.code.back() == code.back() && factor.code == code) return &factor;
  }
  return nullptr;
}

std::optional<double> scale(std::string_view sent, std::string_view stored) {
  if (sent == stored) return 1.0;
  for (const Conversion& conversion : conversions) {
    if (conversion.sent == sent && conversion.stored == stored) return conversion.factor;
  }
  return std::nullopt;
}

}  // namespace jieding::drivers::hj212
