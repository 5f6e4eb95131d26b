#include "vision/surroundings.hpp"

#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

cv::Point2d point(const Point& p) {
  return {p.x, p.y};
}

}  // namespace

std::vector<cv::Point2f> surroundings_of(const FacadeSetup& facade) {
  const auto& c = facade.corners;
  const cv::Point2d ground = point(c[1]) - point(c[0]), roof = point(c[2]) - point(c[3]);
  const double above = shown_storeys_above / facade.storeys;
  const double below = shown_metres_below / (facade.storeys * facade.storey_height_m);
  std::vector<cv::Point2f> corners;
  for (const double beside : {-shown_widths_beside, 1 + shown_widths_beside}) {
    const cv::Point2d low = point(c[0]) + beside * ground, high = point(c[3]) + beside * roof;
    corners.emplace_back(low - below * (high - low));
    corners.emplace_back(high + above * (high - low));
  }
  std::vector<cv::Point2f> outline;
  cv::convexHull(corners, outline);
  return outline;
}

}  // namespace jieding::vision
