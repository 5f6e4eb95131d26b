#include "vision/slope.hpp"

#include <opencv2/imgproc.hpp>

namespace jieding::vision {

cv::Mat slope(const cv::Mat& grey) {
  constexpr double per_pixel = 1.0 / 8;  // Sobel's weights on one side, over two pixels
  cv::Mat dx, dy, out;
  cv::Sobel(grey, dx, CV_32F, 1, 0, 3, per_pixel);
  cv::Sobel(grey, dy, CV_32F, 0, 1, 3, per_pixel);
  cv::magnitude(dx, dy, out);
  return out;
}

}  // namespace jieding::vision
