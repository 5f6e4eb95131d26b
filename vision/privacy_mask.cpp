#include "vision/privacy_mask.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {

void PrivacyMask::burn(cv::Mat& bgr, cv::Point2d shift) const {
  for (const cv::Point2d by : {cv::Point2d(0, 0), shift}) {
    for (const auto& polygon : polygons_) {
      if (polygon.size() < 3) continue;
      std::vector<cv::Point> outline;
      for (const Point& p : polygon)
        outline.emplace_back(static_cast<int>(std::lround(p.x + by.x)),
                             static_cast<int>(std::lround(p.y + by.y)));
      const std::vector<std::vector<cv::Point>> outlines{outline};
      cv::fillPoly(bgr, outlines, cv::Scalar(0, 0, 0));
      // JPEG blocks and half pixels: the border is covered as well.
      cv::polylines(bgr, outlines, true, cv::Scalar(0, 0, 0), 5);
    }
  }
}

}  // namespace jieding::vision
