#include "vision/facade.hpp"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace jieding::vision {

Facade::Facade(const FacadeSetup& setup, cv::Size picture, double scale)
    : planned_(setup.storeys),
      rows_((setup.storeys + storeys_above_roof) * rows_per_storey),
      picture_(picture) {
  const auto storeys = static_cast<float>(setup.storeys);
  const std::vector<cv::Point2f> plane{{0, 0}, {1, 0}, {1, storeys}, {0, storeys}};
  std::vector<cv::Point2f> corners;
  for (std::size_t i = 0; i < 4; ++i) {
    corners_[i] = at_scale(setup.corners[i], scale);
    corners.emplace_back(static_cast<float>(corners_[i].x), static_cast<float>(corners_[i].y));
  }
  to_picture_ = cv::Matx33d(cv::getPerspectiveTransform(plane, corners));
  const cv::Rect2d within = readable(picture);
  map_.create(rows_, strip_columns, CV_32FC2);
  inside_.create(rows_, strip_columns, CV_8U);
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < strip_columns; ++column) {
      const double u = (column - side_columns + 0.5) / facade_columns;
      const cv::Point2d p = at(u, height_of_row(row));
      map_.at<cv::Vec2f>(row, column) = {static_cast<float>(p.x), static_cast<float>(p.y)};
      inside_.at<uchar>(row, column) = within.contains(p) ? 255 : 0;
    }
  }
}

cv::Mat Facade::inside(const cv::Matx23d& to_now) const {
  const cv::Rect2d within = readable(picture_);
  cv::Mat out = inside_.clone();
  for (int row = 0; row < rows_; ++row) {
    const auto* at = map_.ptr<cv::Vec2f>(row);
    auto* in = out.ptr<uchar>(row);
    for (int column = 0; column < strip_columns; ++column) {
      const cv::Vec2d p = to_now * cv::Vec3d(at[column][0], at[column][1], 1);
      if (!within.contains(cv::Point2d(p))) in[column] = 0;
    }
  }
  return out;
}

bool Facade::shows_roof() const {
  constexpr double parapet = 0.5;  // storeys
  const int highest = static_cast<int>((planned_ + parapet) * rows_per_storey);
  return inside_.at<uchar>(highest, strip_columns / 2) != 0;
}

double Facade::shown_height() const {
  int row = rows_;
  while (row > 0 && inside_.at<uchar>(row - 1, strip_columns / 2) == 0)
    --row;
  return static_cast<double>(row) / rows_per_storey;
}

cv::Mat Facade::strip(const cv::Mat& picture) const {
  cv::Mat out;
  cv::remap(picture, out, map_, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

cv::Point2d Facade::at(double u, double height) const {
  const cv::Vec3d p = to_picture_ * cv::Vec3d(u, height, 1);
  const double w = p[2] > 1e-9 ? p[2] : 1e-9;
  return {p[0] / w, p[1] / w};
}

cv::Mat Facade::footprint() const {
  constexpr double border_of_width = 0.12;
  const double top = planned_ + storeys_above_roof - 0.5;
  std::vector<cv::Point> outline;
  for (const auto& [u, v] : {std::pair{-border_of_width, -0.5},
                             {1 + border_of_width, -0.5},
                             {1 + border_of_width, top},
                             {-border_of_width, top}})
    outline.emplace_back(cv::Point(at(u, v)));
  cv::Mat mask = cv::Mat::zeros(picture_, CV_8U);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(255));
  return mask;
}

double Facade::height_at(double row_px) const {
  double low = 0, high = 3.0 * planned_;
  for (int i = 0; i < 40; ++i) {
    const double half = (low + high) / 2;
    (at(0.5, half).y > row_px ? low : high) = half;
  }
  return low;
}

}  // namespace jieding::vision
