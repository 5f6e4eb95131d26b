#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace jieding::scenes {

/// Spreads the bits of `x` (the finaliser of splitmix64).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

/// A number in [0, 1) from a hash.
constexpr double unit(std::uint64_t hash) {
  return static_cast<double>(hash >> 11U) * 0x1.0p-53;
}

/// Random numbers that are the same on every machine (the standard distributions are not). Each
/// subject has dice of its own, so that forcing one choice leaves the others as they were.
class Dice {
 public:
  explicit Dice(std::uint64_t seed, std::string_view subject = {}, std::uint64_t number = 0)
      : state_(mixed(seed ^ mixed(number + 77))) {
    for (const char letter : subject)
      state_ = mixed(state_ ^ static_cast<unsigned char>(letter));
  }

  std::uint64_t bits() { return mixed(state_ += 0x9E3779B97F4A7C15ULL); }
  double unit() { return scenes::unit(bits()); }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }

  /// A whole number from `low` to `high`, both possible.
  int whole(int low, int high) {
    const double count = static_cast<double>(high) - low + 1;
    return low + static_cast<int>(unit() * count);
  }

  /// Normally distributed, mean 0, standard deviation 1.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
    return radius * std::cos(6.283185307179586 * unit());
  }

  /// The number of one of the weights.
  int weighted(std::initializer_list<double> weights) {
    double sum = 0;
    for (const double weight : weights)
      sum += weight;
    double left = unit() * sum;
    int index = 0;
    for (const double weight : weights) {
      if (left < weight) return index;
      left -= weight;
      ++index;
    }
    return index - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace jieding::scenes
