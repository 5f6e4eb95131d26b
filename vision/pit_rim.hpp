#pragma once

#include <vector>

#include "vision/state_blob.hpp"

namespace jieding::vision {

/// A pit and its rim show up to here before anything is built, in storeys.
inline constexpr double pit_reach = 2.2;

/// Where the ground has its top edge in a strip if nothing is built: a belief over the rows within
/// the reach of a pit. A rim that is seen at one height again and again is no scaffold that happens
/// to stand as high.
class PitRim {
 public:
  PitRim();

  /// `density`: of the frame's top edge, per storey, one figure a row. `wild`: probability that it
  /// means nothing; `witness`, `told`: how much of it is new, and is told at all, 0..1. Returns the
  /// density of this edge being the ground's.
  double see(const std::vector<double>& density, double wild, double witness, double told);

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void move(double told);

  std::vector<double> rows_;  ///< probability, from the ground line up
};

}  // namespace jieding::vision
