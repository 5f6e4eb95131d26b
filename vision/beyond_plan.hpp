#pragma once

#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Notices that more storeys are built than people planned: with all of them cast, works stand
/// higher than any stand above a last slab, picture after picture.
class BeyondPlan {
 public:
  explicit BeyondPlan(int storeys) : planned_(storeys) {}

  /// One picture: its top edge, and whether all planned storeys are held to be cast.
  void see(double top, bool all_cast);
  bool is_built() const { return built_; }
  /// Storeys; the highest edge of the pictures that told.
  double highest() const { return highest_; }
  /// No more slabs are cast than lie below it.
  int most_cast() const { return static_cast<int>(highest_); }

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  int planned_;
  int above_ = 0, below_ = 0;  ///< pictures running that show it, that contradict it
  double highest_ = 0;
  bool built_ = false;
};

}  // namespace jieding::vision
