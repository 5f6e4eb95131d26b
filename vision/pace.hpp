#pragma once

#include <optional>
#include <vector>

#include "vision/state_blob.hpp"

namespace jieding::vision {

/// How many pictures a storey takes, as far as this camera shows, and so how many storeys are
/// likely to stand once the works have left the picture. It counts pictures and knows no date: of a
/// camera that takes twice as many it learns that a storey takes twice as many.
class Pace {
 public:
  explicit Pace(int storeys);

  /// One picture that showed `storeys` cast, or, if the works are above it, those that it can show.
  void see(int storeys, bool out_of_view);
  /// People counted: from here on it is reckoned from their figure.
  void confirm(int storeys);
  /// Storeys that are likely to be cast by now, though the picture ends below them. Empty: the
  /// works are in view, or too few storeys were seen to rise.
  std::optional<int> cast_by_now() const;
  /// The works have been out of the picture for long enough to cast all storeys.
  bool all_cast() const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  std::vector<int> reached_at_;  ///< per storey: the first picture that showed it cast; 0 none yet
  double each_ = 0;  ///< pictures that a storey takes, which follows from these; 0 not known yet
  int pictures_ = 0;
  int left_at_ = 0, left_with_ = 0;  ///< picture and storeys with which works left it; 0 in view
};

}  // namespace jieding::vision
