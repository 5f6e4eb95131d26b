#pragma once

#include "vision/foot_evidence.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Follows the ground around the building: bare soil while it is built, grass when all is done.
/// Where it was green all along, or never becomes so (paving, winter), it says nothing.
class LandscapeWatch {
 public:
  /// One frame while the building rises.
  void learn(const FootEvidence& foot);
  /// One frame since the front is finished.
  void see(const FootEvidence& foot);

  /// Bare soil is gone.
  bool done() const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  int pictures_ = 0;  ///< that it was learned from, as far as they count
  double usual_ = 0;  ///< green share of the ground while the building rose, running
  double green_ = 0;  ///< frames that showed it green, less those that showed soil
};

}  // namespace jieding::vision
