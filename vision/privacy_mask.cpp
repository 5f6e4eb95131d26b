#include "vision/privacy_mask.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/surroundings.hpp"

namespace jieding::vision {
namespace {

/// A found person's box is cut into at most so many blocks from side to side.
constexpr int blocks_across_a_person = 3;

cv::Point2d to_cv(const Point& p) {
  return {p.x, p.y};
}

std::vector<std::vector<cv::Point>> moved(const std::vector<std::vector<cv::Point2d>>& outlines,
                                          const cv::Matx23d& to_now) {
  std::vector<std::vector<cv::Point>> out;
  for (const auto& outline : outlines) {
    out.emplace_back();
    for (const cv::Point2d& p : outline) {
      const cv::Vec2d now = to_now * cv::Vec3d(p.x, p.y, 1);
      out.back().emplace_back(cvRound(now[0]), cvRound(now[1]));
    }
  }
  return out;
}

int block_of(cv::Size size) {
  return std::max(8, std::max(size.width, size.height) / PrivacyMask::blocks_across);
}

/// Where `hidden` says so, each block becomes its own average, without colour. What was within it
/// is gone for good.
void pixelate(cv::Mat& bgr, int block, const cv::Mat& hidden) {
  cv::Mat grey;
  for (int y = 0; y < bgr.rows; y += block) {
    for (int x = 0; x < bgr.cols; x += block) {
      const cv::Rect at(x, y, std::min(block, bgr.cols - x), std::min(block, bgr.rows - y));
      const int touched = cv::countNonZero(hidden(at));
      if (touched == 0) continue;
      cv::Mat tile = bgr(at);
      cv::cvtColor(tile, grey, cv::COLOR_BGR2GRAY);
      const cv::Scalar average = cv::Scalar::all(std::round(cv::mean(grey)[0]));
      if (touched == at.area())
        tile.setTo(average);
      else
        tile.setTo(average, hidden(at));
    }
  }
}

}  // namespace

PrivacyMask::PrivacyMask(const CameraSetup& setup, cv::Size size, double scale)
    : size_(size), outside_hidden_(setup.outside_hidden) {
  for (const auto& polygon : setup.masks) {
    if (polygon.size() < 3) continue;
    polygons_.emplace_back();
    for (const Point& p : polygon)
      polygons_.back().push_back(to_cv(at_scale(p, scale)));
  }
  for (const FacadeSetup& facade : setup.facades) {
    surroundings_.emplace_back();
    for (const cv::Point2d p : surroundings_of(facade))
      surroundings_.back().push_back(to_cv(at_scale({p.x, p.y}, scale)));
  }
}

cv::Mat PrivacyMask::shown(const cv::Matx23d& to_now) const {
  if (!outside_hidden_) return {size_, CV_8U, cv::Scalar(255)};
  cv::Mat out = cv::Mat::zeros(size_, CV_8U);
  for (const auto& outline : moved(surroundings_, to_now))
    cv::fillConvexPoly(out, outline, cv::Scalar(255));
  return out;
}

void PrivacyMask::blacken(cv::Mat& bgr, const cv::Matx23d& to_now) const {
  for (const cv::Matx23d& place : {unmoved, to_now}) {
    for (const auto& outline : moved(polygons_, place)) {
      const std::vector<std::vector<cv::Point>> outlines{outline};
      cv::fillPoly(bgr, outlines, cv::Scalar(0, 0, 0));
      // JPEG blocks and half pixels: the border is covered as well.
      cv::polylines(bgr, outlines, true, cv::Scalar(0, 0, 0), 5);
    }
  }
}

void PrivacyMask::burn(cv::Mat& bgr, const cv::Matx23d& to_now,
                       const std::vector<cv::Rect>& people) const {
  blacken(bgr, to_now);  // first, so that nothing of it counts in an average
  const cv::Rect whole({0, 0}, bgr.size());
  for (const cv::Rect& person : people) {
    cv::Mat part = bgr(person & whole);
    if (part.empty()) continue;
    const int block = std::max(block_of(bgr.size()), person.width / blocks_across_a_person);
    pixelate(part, block, cv::Mat(part.size(), CV_8U, cv::Scalar(255)));
  }
  if (outside_hidden_) pixelate(bgr, block_of(bgr.size()), 255 - shown(to_now));
  blacken(bgr, to_now);  // a mosaic's block may have reached into it
}

}  // namespace jieding::vision
