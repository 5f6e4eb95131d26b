#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/scenes/wishes.hpp"

namespace jieding::accuracy {

/// What the one proposal of topping-out must reach; it never comes before the day.
struct ToppingOut {
  double most_named_off = 0;  ///< days off the true topping-out, either way
  double most_said_late = 0;  ///< days after it
};

/// What a series must reach at least. What the estimator cannot do in it is held as well, so that
/// the day on which it can gets a floor.
struct Floors {
  double rising_error = 0;  ///< storeys, at most
  double within_one = 0;    ///< percent, at least, as all below but where it says most
  double covered = 0;
  double most_width = 0;  ///< storeys
  double stage = 0;
  std::optional<double> bad_refused = 100;  ///< none: not one of them is
  double most_good_refused = 0;
  std::optional<ToppingOut> topping_out = std::nullopt;  ///< none: it is not proposed
};

struct Series {
  std::string name;
  scenes::Wishes wishes;
  Floors floors;
};

std::vector<Series> all_series();

}  // namespace jieding::accuracy
