#include "vision/overlay.hpp"

#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace jieding::vision {
namespace {

cv::Scalar colour_of(StoreyState state) {
  switch (state) {
    case StoreyState::Working:
      return {0, 200, 255};
    case StoreyState::Frame:
      return {230, 160, 60};
    case StoreyState::Infilled:
      return {80, 110, 220};
    case StoreyState::Facade:
      return {110, 200, 90};
    case StoreyState::Background:
      break;
  }
  return {200, 200, 200};
}

cv::Point place(const Facade& facade, double u, double height, cv::Point2d shift) {
  const cv::Point2d p = facade.at(u, height) + shift;
  return {cvRound(p.x), cvRound(p.y)};
}

void write(cv::Mat& picture, const std::string& text, cv::Point at, double size) {
  for (const auto& [colour, width] : {std::pair{cv::Scalar(0, 0, 0), 3}, {{255, 255, 255}, 1}})
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, size, colour, width, cv::LINE_AA);
}

std::string headline(const BuildingEstimate& estimate) {
  std::string out = estimate.building + "  " + std::to_string(static_cast<int>(estimate.storeys));
  out += "/" + std::to_string(estimate.bands.size());
  if (estimate.storeys_low != estimate.storeys_high)
    out += "  (" + std::to_string(estimate.storeys_low) + "-" +
           std::to_string(estimate.storeys_high) + ")";
  return out + "  " + std::string(to_text(estimate.stage));
}

}  // namespace

void draw_overlay(cv::Mat& masked, const Facade& facade, cv::Point2d shift,
                  const BuildingEstimate& estimate) {
  const double size = std::max(0.35, masked.cols / 2600.0);
  // The ruler stands beside the facade and hides nothing of it.
  for (int n = 0; n < facade.planned(); ++n) {
    const auto state = estimate.bands[static_cast<std::size_t>(n)];
    const std::vector<cv::Point> box{
        place(facade, -0.07, n + 0.08, shift), place(facade, -0.02, n + 0.08, shift),
        place(facade, -0.02, n + 0.92, shift), place(facade, -0.07, n + 0.92, shift)};
    if (state == StoreyState::Background)
      cv::polylines(masked, box, true, colour_of(state), 1, cv::LINE_AA);
    else
      cv::fillConvexPoly(masked, box, colour_of(state), cv::LINE_AA);
    if ((n + 1) % 5 == 0 || n + 1 == facade.planned()) {
      const cv::Point at = place(facade, -0.08, n + 1.0, shift);
      write(masked, std::to_string(n + 1), {at.x - cvRound(60 * size), at.y + cvRound(10 * size)},
            size);
    }
  }
  const double cast = estimate.storeys;
  cv::line(masked, place(facade, -0.02, cast, shift), place(facade, 1.02, cast, shift), {0, 0, 255},
           2, cv::LINE_AA);
  const cv::Point title = place(facade, -0.05, facade.planned() + 1.2, shift);
  write(masked, headline(estimate), {title.x, std::max(title.y, cvRound(40 * size))}, 1.3 * size);
}

}  // namespace jieding::vision
