#include "tests/vision/drawn_person.hpp"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace jieding::vision {
namespace {

/// Shapes in hundredths of the figure's size about a point of the picture.
class Pencil {
 public:
  Pencil(cv::Mat& bgr, cv::Point origin, double size)
      : bgr_(bgr), origin_(origin), unit_(size / 100) {}

  void ellipse(double x, double y, double half_width, double half_height, const cv::Scalar& colour,
               double from = 0, double to = 360) {
    cv::ellipse(bgr_, at(x, y), cv::Size(cvRound(half_width * unit_), cvRound(half_height * unit_)),
                0, from, to, colour, cv::FILLED);
  }
  void polygon(const std::vector<cv::Point2d>& corners, const cv::Scalar& colour) {
    std::vector<cv::Point> outline;
    for (const cv::Point2d& p : corners)
      outline.push_back(at(p.x, p.y));
    cv::fillPoly(bgr_, std::vector<std::vector<cv::Point>>{outline}, colour);
  }

 private:
  cv::Point at(double x, double y) const {
    return origin_ + cv::Point(cvRound(x * unit_), cvRound(y * unit_));
  }
  cv::Mat& bgr_;
  cv::Point origin_;
  double unit_;
};

}  // namespace

void draw_figure(cv::Mat& bgr, cv::Point crown, double tall) {
  const cv::Scalar skin(110, 130, 170), coat(60, 50, 65), trousers(50, 45, 40);
  Pencil pencil(bgr, crown, tall);
  pencil.ellipse(0, 8, 6, 8, skin);
  pencil.polygon({{-12, 18}, {12, 18}, {10, 52}, {-10, 52}}, coat);
  pencil.polygon({{-12, 18}, {-8, 18}, {-12, 52}, {-16, 52}}, coat);
  pencil.polygon({{12, 18}, {8, 18}, {12, 52}, {16, 52}}, coat);
  pencil.polygon({{-10, 52}, {-1, 52}, {-4, 100}, {-10, 100}}, trousers);
  pencil.polygon({{10, 52}, {1, 52}, {4, 100}, {10, 100}}, trousers);
}

void draw_face(cv::Mat& bgr, cv::Point middle, double wide) {
  const cv::Scalar skin(160, 180, 215), hair(40, 40, 50), eye(60, 60, 80), lips(80, 80, 150);
  Pencil pencil(bgr, middle, wide);
  pencil.ellipse(0, 0, 50, 66, skin);
  pencil.ellipse(0, -45, 50, 25, hair, 180, 360);
  for (const double side : {-20.0, 20.0}) {
    pencil.ellipse(side, -12, 12, 6, eye);
    pencil.polygon({{side - 13, -27}, {side + 13, -27}, {side + 13, -22}, {side - 13, -22}}, eye);
  }
  pencil.polygon({{0, -10}, {-9, 16}, {9, 16}}, cv::Scalar(140, 160, 200));
  pencil.ellipse(0, 17, 9, 4, cv::Scalar(90, 100, 140), 0, 180);
  pencil.ellipse(0, 36, 20, 6, lips);
}

}  // namespace jieding::vision
