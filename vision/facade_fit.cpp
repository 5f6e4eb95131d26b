#include "vision/facade_fit.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace jieding::vision {
namespace {

constexpr double step_px = 0.01;  // for derivatives

}  // namespace

cv::Point2d mapped(const cv::Matx33d& way, double x, double y) {
  const cv::Vec3d p = way * cv::Vec3d(x, y, 1);
  return {p[0] / p[2], p[1] / p[2]};
}

cv::Matx33d FacadeFit::plane_of(const Corners& c) const {
  // The unit square to four points, solved in double precision.
  const double k = storeys_;
  const double us[] = {0, 1, 1, 0}, vs[] = {0, 0, k, k};
  cv::Matx<double, 8, 8> a = cv::Matx<double, 8, 8>::zeros();
  cv::Matx<double, 8, 1> b;
  for (int i = 0; i < 4; ++i) {
    const double x = c[2 * i], y = c[2 * i + 1], u = us[i], v = vs[i];
    const double rows[2][8] = {{u, v, 1, 0, 0, 0, -u * x, -v * x},
                               {0, 0, 0, u, v, 1, -u * y, -v * y}};
    for (int j = 0; j < 8; ++j) {
      a(2 * i, j) = rows[0][j];
      a(2 * i + 1, j) = rows[1][j];
    }
    b(2 * i) = x;
    b(2 * i + 1) = y;
  }
  const cv::Matx<double, 8, 1> h = a.solve(b, cv::DECOMP_LU);
  return {h(0), h(1), h(2), h(3), h(4), h(5), h(6), h(7), 1};
}

cv::Vec2d FacadeFit::upright_of(const Corners& corners) const {
  const cv::Matx33d plane = plane_of(corners);
  // Where the upright lines of the plane meet: the image of the direction v.
  const double w = plane(2, 1);
  const double x = plane(0, 1) - picture_.width / 2.0 * w;
  const double y = plane(1, 1) - picture_.height / 2.0 * w;
  return {-w / y, x / y};
}

FacadeFit::FacadeFit(const std::array<Point, 4>& corners, int storeys, double error_px,
                     const Upright& upright, cv::Size picture)
    : storeys_(storeys), picture_(picture) {
  Corners clicked;
  for (int i = 0; i < 4; ++i) {
    clicked[2 * i] = corners[static_cast<std::size_t>(i)].x;
    clicked[2 * i + 1] = corners[static_cast<std::size_t>(i)].y;
  }
  const double weight = 1 / (error_px * error_px);
  const cv::Matx22d known = upright.covariance.inv();
  corners_ = clicked;
  for (int round = 0; round < 10; ++round) {
    cv::Matx<double, 2, 8> slope;
    const cv::Vec2d now = upright_of(corners_);
    for (int j = 0; j < 8; ++j) {
      Corners moved = corners_;
      moved[j] += step_px;
      const cv::Vec2d there = upright_of(moved);
      for (int i = 0; i < 2; ++i)
        slope(i, j) = (there[i] - now[i]) / step_px;
    }
    const cv::Vec2d off = cv::Vec2d(upright.convergence, upright.lean) - now;
    const Covariance information = Covariance::eye() * weight + slope.t() * known * slope;
    covariance_ = information.inv(cv::DECOMP_CHOLESKY);
    const Corners pull = (clicked - corners_) * weight;
    corners_ += covariance_ * (pull + Corners(slope.t() * (known * off)));
  }
  strain_ = cv::norm(corners_ - clicked) / (error_px * std::sqrt(8.0));
  plane_ = plane_of(corners_);
}

cv::Point2d FacadeFit::at(double u, double v) const {
  return mapped(plane_, u, v);
}

double FacadeFit::error_at(double v) const {
  double worst = 0;
  for (const double u : {0.0, 1.0}) {
    const cv::Point2d place = at(u, v);
    Corners slope;
    for (int j = 0; j < 8; ++j) {
      Corners moved = corners_;
      moved[j] += step_px;
      slope[j] = (mapped(plane_of(moved).inv(), place.x, place.y).y - v) / step_px;
    }
    worst = std::max(worst, slope.dot(covariance_ * slope));
  }
  return std::sqrt(worst);
}

}  // namespace jieding::vision
