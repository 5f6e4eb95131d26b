#pragma once

#include "vision/camera_setup.hpp"
#include "vision/state_blob.hpp"
#include "vision/storey_filter.hpp"

namespace jieding::vision {

/// Follows the roof of one building over the pictures: whether it was seen to be open, whether it
/// is likely to stand, and whether it has been so for long enough to be sure of it.
class RoofWatch {
 public:
  /// `in_view`: the roof lies inside the picture.
  RoofWatch(Scaffold scaffold, bool in_view) : scaffold_(scaffold), in_view_(in_view) {}

  /// What is believed after a picture. `cast_out_of_view`: all storeys are held to be cast, where
  /// the picture ends below the roof.
  void hold(const StoreyBelief& belief, bool cast_out_of_view);
  /// A picture that says something of its own, taken at `now` (ms since 1970). `has_risen`:
  /// above what stood when the camera came.
  void count(const StoreyBelief& belief, bool has_risen, double now);
  /// Pictures have shown it for longer than anything looks like a roof that is none.
  bool has_stayed(double now) const;
  /// It is sure from here on.
  void settle() { stands_ = true; }

  bool is_likely() const { return likely_; }
  bool stands() const { return stands_; }
  /// This camera saw the building without its roof.
  bool was_seen_open() const { return seen_open_; }

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  Scaffold scaffold_;
  bool in_view_;
  int open_frames_ = 0, topped_frames_ = 0;  ///< running
  double topped_since_ = 0;                  ///< first of `topped_frames_`, ms since 1970
  bool seen_open_ = false;
  bool saw_last_storey_ = false;  ///< cast, and the roof not on it
  bool likely_ = false;           ///< likelier than not, and not surely open since
  bool stands_ = false;
};

}  // namespace jieding::vision
