#pragma once

#include <optional>

#include "vision/state_blob.hpp"
#include "vision/storey_filter.hpp"

namespace jieding::vision {

/// Doubts a count that leaps to what stood in the picture before already. That has not risen:
/// either the pictures before it were outweighed, or these are those of another body, which does
/// not go on to rise.
class LeapWatch {
 public:
  explicit LeapWatch(int storeys) : planned_(storeys) {}

  /// One picture: the count before it, the top edge in the one before (storeys), the belief now. A
  /// roof that surely stands ends the doubt.
  void see(int before, double edge_before, const StoreyBelief& now, bool roof_stands);
  /// The count before the leap, while it is in doubt.
  std::optional<int> leapt_from() const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  int planned_;
  int from_ = 0, to_ = 0;   ///< the count between two frames; 0 it is not in doubt
  int further_frames_ = 0;  ///< since then, that show it risen further
};

}  // namespace jieding::vision
