#pragma once

#include <opencv2/core.hpp>

#include "vision/facade.hpp"

namespace jieding::vision {

/// What one frame shows at the foot of a building and around it. Compared inside one picture, with
/// the ground beside the building, by differences of colour: haze makes them small but does not
/// turn them.
struct FootEvidence {
  bool known = false;     ///< there is ground to compare with
  bool changed = false;   ///< earlier pictures do not explain what lies where the building comes
  bool coloured = false;  ///< it has the colour of soil, so that concrete can be told from it
  double dark = 0;        ///< share of the building's ground that lies in the dark of a pit
  double grey = 0;        ///< share of it that is greyer than the soil beside, but not dark
  double green = 0;       ///< share of the ground around the building that is green
  double soil = 0;        ///< share of it that has the colour of soil
};

/// The ground at the foot of one facade and around it, as far as pictures are shown.
class Foot {
 public:
  explicit Foot(const Facade& facade);

  FootEvidence read(const cv::Mat& picture) const;

 private:
  cv::Mat map_;
  cv::Mat inside_;  ///< 255 where it lies inside the picture
};

}  // namespace jieding::vision
