#pragma once

#include <optional>

#include "tests/scenes/site.hpp"

namespace jieding::accuracy {

/// How right the estimator was on one series. Pictures that must be refused count in `bad_refused`
/// and `steps_back` only. Shares are percent and empty without such pictures.
struct Score {
  int frames = 0;
  std::optional<double> rising_error;  ///< storeys, mean, while 0 < true storeys < planned
  std::optional<double> within_one;    ///< of the same, off by one storey or less
  std::optional<double> covered;       ///< the true storeys lie in the interval
  std::optional<double> width;         ///< of the interval, storeys, mean
  std::optional<double> stage;         ///< right
  std::optional<double> bad_refused, good_refused;
  int steps_back = 0;  ///< of the storeys, without being called a correction
  int topped_out = 0;  ///< times that topping-out was proposed
  /// Days from the true topping-out to the day the first proposal names, and to the picture that
  /// decided it.
  std::optional<double> named_days, said_days;
};

/// Plays the site's pictures through an estimator that publishes nothing.
Score score(const scenes::Site& site);

}  // namespace jieding::accuracy
