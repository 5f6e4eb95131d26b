#include "vision/registration.hpp"

#include <opencv2/imgproc.hpp>

namespace jieding::vision {
namespace {

constexpr double agreement_px = 1.0;
constexpr double largest_knock_of_width = 0.06;
/// Likeness of outlines (-1..1): below `alike` a shift proves nothing; a picture with strong
/// outlines that are nowhere like any reference shows another place.
constexpr double alike = 0.25;
constexpr double foreign = 0.08;

double likeness(const cv::Mat& a, const cv::Mat& b, cv::Point2d shift) {
  const cv::Mat back = shifted_back(b, shift);
  cv::Scalar ma, mb, da, db;
  cv::meanStdDev(a, ma, da);
  cv::meanStdDev(back, mb, db);
  if (da[0] < 1e-9 || db[0] < 1e-9) return 0;
  const double product = a.dot(back) / static_cast<double>(a.total());
  return (product - ma[0] * mb[0]) / (da[0] * db[0]);
}

}  // namespace

cv::Mat Registration::outline(const cv::Mat& bgr) const {
  cv::Mat grey, dx, dy, size, local;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, grey, {}, 1.0);
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 0.125);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 0.125);
  cv::magnitude(dx, dy, size);
  // Relative to its surroundings, so that fog and night weigh like day.
  cv::blur(size, local, {31, 31});
  cv::Mat out = size / (local + 0.8);
  cv::min(out, 4.0, out);
  out.setTo(0, beside_ == 0);
  return out;
}

Placement Registration::place(const cv::Mat& bgr, const std::vector<cv::Mat>& references,
                              cv::Point2d last_shift) const {
  Placement out{last_shift, false, false};
  if (references.empty()) return {{0, 0}, true, false};
  const cv::Mat now = outline(bgr);
  cv::Mat window;
  cv::createHanningWindow(window, now.size(), CV_32F);
  std::vector<cv::Point2d> shifts;
  double best = -1;
  const double limit = largest_knock_of_width * bgr.cols;
  bool far = false;
  for (const cv::Mat& reference : references) {
    const cv::Mat then = outline(reference);
    best = std::max(best, likeness(then, now, last_shift));
    const cv::Point2d shift = cv::phaseCorrelate(then, now, window);
    const double like = likeness(then, now, shift);
    if (like < alike) continue;
    best = std::max(best, like);
    for (const cv::Point2d& other : shifts) {
      if (cv::norm(other - shift) > agreement_px) continue;
      far = cv::norm(shift) > limit;
      out = {(other + shift) / 2, !far, far};
      return out;
    }
    shifts.push_back(shift);
  }
  // One reference only: believed when it says that nothing moved.
  for (const cv::Point2d& shift : shifts)
    if (cv::norm(shift - last_shift) < agreement_px) return {last_shift, true, false};
  out.moved = best < foreign;
  return out;
}

cv::Mat shifted_back(const cv::Mat& bgr, cv::Point2d shift) {
  if (cv::norm(shift) < 0.05) return bgr;
  const cv::Matx23d by(1, 0, -shift.x, 0, 1, -shift.y);
  cv::Mat out;
  cv::warpAffine(bgr, out, by, bgr.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

}  // namespace jieding::vision
