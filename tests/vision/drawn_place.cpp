#include "tests/vision/drawn_place.hpp"

#include <opencv2/imgproc.hpp>

namespace jieding::vision {

cv::Mat drawn_place(cv::Size size, std::uint64_t seed) {
  cv::Mat out(size, CV_8UC3, cv::Scalar(190, 180, 170));
  cv::RNG dice(seed);
  for (int i = 0; i < 300; ++i) {
    const cv::Rect thing(dice.uniform(-30, size.width), dice.uniform(-30, size.height),
                         dice.uniform(8, 90), dice.uniform(8, 80));
    const cv::Scalar colour(dice.uniform(20, 220), dice.uniform(20, 220), dice.uniform(20, 220));
    cv::rectangle(out, thing, colour, cv::FILLED);
  }
  cv::GaussianBlur(out, out, {}, 0.7);
  return out;
}

}  // namespace jieding::vision
