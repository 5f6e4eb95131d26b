#pragma once

#include <vector>

#include "vision/evidence.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// What stands behind the facade and shows above the building in some lights and not in others.
/// What is built stays: rows that had changed in two pictures and are as before in a later one, in
/// which the building is seen where it is believed to be, had not become building.
class Behind {
 public:
  explicit Behind(int rows);

  /// `height`: of the top edge as it is believed to be, storeys; `most`: as it may be.
  void see(const RowEvidence& rows, double height, double most);
  /// Per row of the strip the share of the width that may show so without being the building.
  const std::vector<double>& shows() const { return shows_; }

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void suspect(std::size_t row, double share);

  std::vector<double> shows_;
  std::vector<double> once_, twice_;  ///< the same, of what showed in one picture, and in two
};

}  // namespace jieding::vision
