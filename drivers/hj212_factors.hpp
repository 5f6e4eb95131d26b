#pragma once
// What the factor codes of a construction-dust station mean (HJ 212-2017 Annex B, tables B.2, B.4).

#include <optional>
#include <span>
#include <string_view>

namespace jieding::drivers::hj212 {

/// One measured thing. `least` and `most` are in the stored unit: what a sane instrument can show.
struct Factor {
  std::string_view code;
  std::string_view quantity;
  std::string_view unit;  ///< as stored (SenML name)
  std::string_view sent;  ///< as stations send it unless their configuration says otherwise
  double least;
  double most;
};

std::span<const Factor> factors();
const Factor* find_factor(std::string_view code);

/// The factor by which a value in unit `sent` becomes one in `stored`; nothing: not convertible.
std::optional<double> scale(std::string_view sent, std::string_view stored);

}  // namespace jieding::drivers::hj212
