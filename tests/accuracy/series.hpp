#pragma once

#include <string>
#include <vector>

#include "tests/scenes/wishes.hpp"

namespace jieding::accuracy {

/// What a series must reach at least.
struct Floors {
  double rising_error = 0;  ///< storeys, at most
  double within_one = 0;    ///< percent, at least, as all below but where it says most
  double covered = 0;
  double most_width = 0;  ///< storeys
  double stage = 0;
  double bad_refused = 100;
  double most_good_refused = 0;
  int topped_out = 1;         ///< topping-out proposed; never before the day, never twice
  double most_named_off = 0;  ///< days off the true topping-out, either way
  double most_said_late = 0;  ///< days after it
};

struct Series {
  std::string name;
  scenes::Wishes wishes;
  Floors floors;
};

std::vector<Series> all_series();

}  // namespace jieding::accuracy
