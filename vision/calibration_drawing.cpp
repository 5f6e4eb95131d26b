#include "vision/calibration_drawing.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "vision/lettering.hpp"

namespace jieding::vision {
namespace {

const cv::Scalar seen{80, 200, 60}, foretold{0, 150, 255}, corner{0, 0, 255};
constexpr int fraction_bits = 4;  // lines are drawn to a sixteenth of a pixel

cv::Point fine(cv::Point2d p) {
  return {cvRound(p.x * (1 << fraction_bits)), cvRound(p.y * (1 << fraction_bits))};
}

void line(cv::Mat& picture, cv::Point2d a, cv::Point2d b, const cv::Scalar& colour, int width) {
  cv::line(picture, fine(a), fine(b), colour, width, cv::LINE_AA, fraction_bits);
}

void number(cv::Mat& picture, int storey, cv::Point2d at, double em) {
  write_edged(picture, std::to_string(storey), {cvRound(at.x), cvRound(at.y + em / 3)}, em);
}

/// Where the roof may be as well: one standard deviation up and down.
void draw_doubt(cv::Mat& picture, const FacadeFit& fit, int storeys, double error) {
  std::vector<cv::Point> band;
  for (const auto& [u, v] : {std::pair{0.0, storeys - error},
                             {1.0, storeys - error},
                             {1.0, storeys + error},
                             {0.0, storeys + error}})
    band.push_back(fine(fit.at(u, v)));
  cv::Mat over = picture.clone();
  cv::fillConvexPoly(over, band, foretold, cv::LINE_AA, fraction_bits);
  cv::addWeighted(over, 0.4, picture, 0.6, 0, picture);
}

}  // namespace

void draw_calibration(cv::Mat& masked, const FacadeFit& fit, int storeys, int standing,
                      double roof_error) {
  const double em = std::max(12.0, masked.cols / 80.0);
  draw_doubt(masked, fit, storeys, std::min(roof_error, double(storeys)));
  for (int n = 0; n <= storeys; ++n) {
    const bool marked = n % 5 == 0 || n == storeys || n == standing;
    const cv::Scalar& colour = n <= standing ? seen : foretold;
    const double out = marked ? 0.06 : 0.03;
    if (n == 0 || n == standing || n == storeys) {
      line(masked, fit.at(-out, n), fit.at(1 + out, n), colour, 2);
    } else {
      line(masked, fit.at(-out, n), fit.at(out, n), colour, 1);
      line(masked, fit.at(1 - out, n), fit.at(1 + out, n), colour, 1);
    }
    if (!marked) continue;
    const double wide = width_of(std::to_string(n), em);
    number(masked, n, fit.at(-out, n) - cv::Point2d(wide + 8, 0), em);
    number(masked, n, fit.at(1 + out, n) + cv::Point2d(8, 0), em);
  }
  for (const double u : {0.0, 1.0}) {
    line(masked, fit.at(u, 0), fit.at(u, standing), seen, 1);
    line(masked, fit.at(u, standing), fit.at(u, storeys), foretold, 1);
    for (const int v : {0, storeys})
      cv::circle(masked, fine(fit.at(u, v)), 5 << fraction_bits, corner, 2, cv::LINE_AA,
                 fraction_bits);
  }
}

}  // namespace jieding::vision
