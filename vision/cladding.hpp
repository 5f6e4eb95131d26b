#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vision/state_blob.hpp"

namespace jieding::vision {

/// Per boundary between storey n and the next: how much harder the look changes there, across the
/// whole width, than among the storeys that would be clad; -1 not known. Finished storeys look all
/// alike, so the edge of the cladding stands out in any light, whatever its colour.
struct LookSteps {
  std::vector<double> down;  ///< when it is the storeys above that are clad
  std::vector<double> up;    ///< when it is those below
};

/// `inside`: 255 where the strip lies inside the picture.
LookSteps look_steps(const cv::Mat& strip, const cv::Mat& inside);

/// Follows the edge of the cladding, which comes down from the roof after topping-out, or seldom
/// goes up from the ground. What stood out before topping-out already (a podium, a shop front) does
/// not count.
class CladdingWatch {
 public:
  explicit CladdingWatch(int storeys);

  /// One frame before topping-out, `cast` storeys high.
  void learn(const LookSteps& steps, int cast);
  /// One frame after topping-out, or, where nobody sees the roof, one in which an edge
  /// `must_be_seen`.
  void see(const LookSteps& steps, bool must_be_seen = false);

  double third() const;  ///< belief that at least a third of the building is clad
  /// Belief that the edge has come down below `storey`, a third or more being clad.
  double below(int storey) const;
  double all() const { return belief_.front(); }  ///< belief that all of it is clad
  /// The same, given that some of it is.
  double all_if_any() const;
  /// In the likeliest state.
  bool is_clad(int storey) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void get_used_to(const LookSteps& steps, std::size_t boundary, double share);
  void get_used_to_stains(const LookSteps& steps);
  std::vector<double> predicted(const LookSteps* begins_where_seen) const;
  void weigh(std::vector<double>& belief, const LookSteps& steps) const;

  int storeys_, farthest_;  ///< from where the cladding ends, with a third of the storeys clad
  /// By storeys left to clad: 0 all of them are clad, 1 on so many below the edge that comes down,
  /// `storeys_` none is clad, from there on again so many above the edge that goes up.
  std::vector<double> belief_;
  LookSteps usual_;  ///< per boundary: log-odds of a step that is no edge of cladding
};

}  // namespace jieding::vision
