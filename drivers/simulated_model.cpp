#include "drivers/simulated_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace jieding::drivers::simulated {
namespace {

using namespace std::chrono_literals;

constexpr auto china_standard_time = 8h;
constexpr double turn = 2 * std::numbers::pi;

/// Bits of the number well mixed (SplitMix64).
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

/// -1 to 1
double chance(std::uint64_t seed, std::int64_t step) {
  const auto bits = mixed(seed ^ mixed(static_cast<std::uint64_t>(step)));
  return static_cast<double>(bits >> 11U) / 4503599627370496.0 - 1;  // 2^52
}

/// Seconds of local time; the sites are in one zone, and only the shape of the day hangs on it.
double local_seconds(Instant at) {
  return std::chrono::duration<double>(at.time_since_epoch() + china_standard_time).count();
}

/// Wanders between -1 and 1, from one value to the next within a period.
double wave(std::uint64_t seed, double period_s, double seconds) {
  const double place = seconds / period_s;
  const double step = std::floor(place);
  const double part = place - step;
  const double smooth = part * part * (3 - 2 * part);
  const auto number = static_cast<std::int64_t>(step);
  return chance(seed, number) * (1 - smooth) + chance(seed, number + 1) * smooth;
}

double rise(double hour, double at) {
  return 1 / (1 + std::exp((at - hour) * 4));
}

/// How much is going on, 0 to 1: from seven to six with a quiet noon.
double work(double seconds) {
  const double hour = std::fmod(seconds, 86'400.0) / 3600;
  const double noon = std::exp(-std::pow((hour - 12.25) / 0.5, 2));
  return std::max(0.0, rise(hour, 7) - rise(hour, 18)) * (1 - 0.8 * noon);
}

/// -1 before dawn, 1 in the afternoon.
double sun(double seconds) {
  return -std::cos(turn * (std::fmod(seconds, 86'400.0) / 86'400 - 2.5 / 24));
}

/// As coarse as an instrument shows it.
double rounded(double value, double step) {
  const double count = std::round(value / step);
  return step < 1 ? count / std::round(1 / step) : count * step;
}

double wind(std::uint64_t seed, double s) {
  return rounded(std::max(0.0, 2.6 + 1.2 * sun(s) + 1.6 * wave(seed, 2700, s)), 0.1);
}

std::vector<Value> dust(std::uint64_t seed, double s) {
  const double pm10 = 42 + 65 * work(s) + 18 * wave(seed + 1, 5400, s);
  return {
      {"tsp", "ug/m3", rounded(pm10 * (1.9 + 0.2 * wave(seed + 2, 7200, s)), 0.1)},
      {"pm10", "ug/m3", rounded(pm10, 0.1)},
      {"pm25", "ug/m3", rounded(pm10 * (0.5 + 0.1 * wave(seed + 3, 7200, s)), 0.1)},
      {"noise", "dB", rounded(47 + 17 * work(s) + 4 * wave(seed + 4, 600, s), 0.1)},
      {"temperature", "Cel", rounded(17 + 5 * sun(s) + 6 * wave(seed + 5, 400'000, s), 0.1)},
      {"humidity", "%RH", rounded(64 - 14 * sun(s) + 12 * wave(seed + 6, 200'000, s), 0.1)},
      {"pressure", "hPa", rounded(1014 + 9 * wave(seed + 7, 300'000, s), 0.1)},
      {"wind_speed", "m/s", wind(seed + 8, s)},
      {"wind_direction", "deg", rounded(179 + 170 * wave(seed + 9, 20'000, s), 1)},
  };
}

/// Up and down, not always to the top, and mostly while people work.
double travel(std::uint64_t seed, double trip_s, double s) {
  const double reach = 0.6 + 0.4 * wave(seed, 4 * trip_s, s);
  return (0.5 - 0.5 * std::cos(turn * s / trip_s)) * reach * work(s);
}

std::vector<Value> hoist(std::uint64_t seed, double s) {
  constexpr double highest_m = 48;
  constexpr double heaviest_kg = 2000;
  const double load = heaviest_kg * work(s) * (0.4 + 0.4 * wave(seed + 2, 900, s));
  return {{"hoist_height", "m", rounded(highest_m * travel(seed + 1, 420, s), 0.1)},
          {"hoist_load", "kg", rounded(load, 10)}};
}

std::vector<Value> crane(std::uint64_t seed, double s) {
  constexpr double highest_m = 60;
  constexpr double heaviest_t = 6;
  const double load = heaviest_t * work(s) * (0.3 + 0.3 * wave(seed + 2, 1200, s));
  return {{"hook_height", "m", rounded(highest_m * travel(seed + 1, 600, s), 0.1)},
          {"crane_load", "t", rounded(load, 0.01)},
          {"wind_speed", "m/s", wind(seed + 3, s)}};
}

}  // namespace

std::vector<Value> values_of(Kind kind, std::uint64_t seed, Instant at) {
  const double seconds = local_seconds(at);
  switch (kind) {
    case Kind::Dust:
      return dust(seed, seconds);
    case Kind::Hoist:
      return hoist(seed, seconds);
    case Kind::Crane:
      return crane(seed, seconds);
  }
  return {};
}

/// FNV-1a
std::uint64_t seed_of(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

}  // namespace jieding::drivers::simulated
