#pragma once

#include <opencv2/core.hpp>

#include "vision/facade.hpp"
#include "vision/foot_evidence.hpp"

namespace jieding::vision {

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
