#include "vision/upright.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr double steepest_lean = 0.25;     // dx/dy of what may still be upright
constexpr double least_length = 1.0 / 50;  // of the picture's width
constexpr double end_error_px = 0.5;
constexpr double true_lean = 0.004;  // masts and columns are not quite upright either
constexpr int least_edges = 8;
constexpr double widest_convergence =
    0.4;  // per picture width: looks up or down by some 20 degrees
constexpr double widest_lean = 0.06;

/// A steep edge: where it is from the picture's middle, dx/dy, and how sure that is.
struct Steep {
  double x, y, slope, error;
};

double residual(const Steep& e, double convergence, double lean) {
  return (e.slope * (1 + convergence * e.y) - convergence * e.x - lean) / e.error;
}

std::vector<Steep> steep_edges(const std::vector<cv::Vec4f>& edges, cv::Size picture) {
  std::vector<Steep> out;
  for (const cv::Vec4f& e : edges) {
    const double dx = e[2] - e[0], dy = e[3] - e[1], length = std::hypot(dx, dy);
    if (length < least_length * picture.width || std::abs(dx) > steepest_lean * std::abs(dy))
      continue;
    out.push_back({(double(e[0]) + e[2] - picture.width) / 2,
                   (double(e[1]) + e[3] - picture.height) / 2, dx / dy,
                   std::hypot(end_error_px / length, true_lean)});
  }
  return out;
}

/// The pair on which most length agrees: rain and jibs are many edges, but no camera leans so far.
cv::Vec2d vote(const std::vector<Steep>& edges, double width) {
  cv::Vec2d best(0, 0);
  double most = -1;
  for (double c = -widest_convergence / 4; c <= widest_convergence; c += widest_convergence / 40) {
    for (double lean = -widest_lean; lean <= widest_lean; lean += widest_lean / 15) {
      double votes = 0;
      for (const Steep& e : edges)
        votes += std::max(0.0, 1 - std::pow(residual(e, c / width, lean) / 3, 2)) / e.error;
      if (votes <= most) continue;
      most = votes;
      best = {c / width, lean};
    }
  }
  return best;
}

}  // namespace

cv::Matx33d Upright::straightening(cv::Size picture) const {
  const double cx = picture.width / 2.0, cy = picture.height / 2.0;
  const cv::Matx33d to_middle(1, 0, -cx, 0, 1, -cy, 0, 0, 1), back(1, 0, cx, 0, 1, cy, 0, 0, 1);
  return back * cv::Matx33d(1, -lean, 0, 0, 1, 0, 0, convergence, 1) * to_middle;
}

std::vector<cv::Vec4f> straight_edges(const cv::Mat& grey) {
  std::vector<cv::Vec4f> out;
  cv::createLineSegmentDetector(cv::LSD_REFINE_STD)->detect(grey, out);
  return out;
}

Upright upright_before(cv::Size picture) {
  Upright out;
  const double convergence = 0.19 / picture.width, lean = 0.03;  // some 10 and 2 degrees
  out.covariance = {convergence * convergence, 0, 0, lean * lean};
  return out;
}

std::optional<Upright> find_upright(const std::vector<cv::Vec4f>& edges, cv::Size picture) {
  const std::vector<Steep> steep = steep_edges(edges, picture);
  const cv::Vec2d first = vote(steep, picture.width);
  Upright out;
  out.convergence = first[0];
  out.lean = first[1];
  cv::Matx22d information;
  for (int round = 0; round < 12; ++round) {
    information = upright_before(picture).covariance.inv();
    cv::Vec2d pull(0, 0);
    out.edges = 0;
    for (const Steep& e : steep) {
      // Tukey's weight: what is far off counts nothing.
      const double off = residual(e, out.convergence, out.lean) / 3;
      if (std::abs(off) >= 1) continue;
      const double weight = std::pow(1 - off * off, 2) / (e.error * e.error);
      const cv::Vec2d row(e.x - e.slope * e.y, 1);
      information += weight * cv::Matx22d(row[0] * row[0], row[0], row[0], 1);
      pull += weight * e.slope * row;
      out.edges += off * off < 0.5 ? 1 : 0;
    }
    const cv::Vec2d found = information.inv() * pull;
    out.convergence = found[0];
    out.lean = found[1];
  }
  if (out.edges < least_edges) return std::nullopt;
  // Edges of one house share its faults: never surer than a tenth of what a mast's lean would be.
  out.covariance = information.inv();
  const double floor = 0.005 / picture.width;
  out.covariance(0, 0) += floor * floor;
  out.covariance(1, 1) += 1e-6;
  return out;
}

}  // namespace jieding::vision
