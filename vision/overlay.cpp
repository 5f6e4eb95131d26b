#include "vision/overlay.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "vision/lettering.hpp"
#include "vision/overlay_words.hpp"

namespace jieding::vision {
namespace {

/// Letters are this part of the picture's width: on a phone they stand 12 of 390 pixels high.
constexpr double letters_per_width = 32;
constexpr double english_size = 0.7;  ///< of the Chinese
constexpr double gap = 0.6;           ///< between both, in letters
const cv::Scalar white = cv::Scalar::all(255), less_white = cv::Scalar::all(200);

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

cv::Point place(const Facade& facade, double u, double height) {
  const cv::Point2d p = facade.at(u, height);
  return {cvRound(p.x), cvRound(p.y)};
}

/// In letters.
double length_of(const CaptionLine& line) {
  return width_of(line.chinese, 1) + gap + english_size * width_of(line.english, 1);
}

/// In a dark band along that edge of the picture which the facade leaves more room at.
void write_caption(cv::Mat& picture, const std::vector<CaptionLine>& lines, bool at_top) {
  double longest = 1;
  for (const CaptionLine& line : lines)
    longest = std::max(longest, length_of(line));
  const double em = picture.cols / std::max(letters_per_width, longest / 0.96);
  const int step = cvRound(1.2 * em), margin = cvRound(0.02 * picture.cols);
  const int height = std::min(picture.rows, step * static_cast<int>(lines.size()) + step / 5);
  cv::Mat band =
      picture.rowRange(at_top ? 0 : picture.rows - height, at_top ? height : picture.rows);
  band.convertTo(band, -1, 0.35);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int base = step * static_cast<int>(i + 1) - step / 8;
    write(band, lines[i].chinese, {margin, base}, em, white);
    const double after = margin + width_of(lines[i].chinese, em) + gap * em;
    write(band, lines[i].english, {cvRound(after), base}, english_size * em, less_white);
  }
}

}  // namespace

void draw_overlay(cv::Mat& masked, const Facade& facade, const std::string& name,
                  const BuildingEstimate& estimate) {
  const double em = std::max(14.0, masked.cols / 44.0);
  // The ruler stands beside the facade and hides nothing of it.
  for (int n = 0; n < facade.planned(); ++n) {
    const auto state = estimate.bands[static_cast<std::size_t>(n)];
    const std::vector<cv::Point> box{place(facade, -0.07, n + 0.08), place(facade, -0.02, n + 0.08),
                                     place(facade, -0.02, n + 0.92),
                                     place(facade, -0.07, n + 0.92)};
    if (state == StoreyState::Background)
      cv::polylines(masked, box, true, colour_of(state), 1, cv::LINE_AA);
    else
      cv::fillConvexPoly(masked, box, colour_of(state), cv::LINE_AA);
    if ((n + 1) % 5 == 0 || n + 1 == facade.planned()) {
      const cv::Point at = place(facade, -0.08, n + 1.0);
      const std::string number = std::to_string(n + 1);
      write_edged(masked, number, {at.x - cvRound(width_of(number, em)), at.y + cvRound(em / 3)},
                  em);
    }
  }
  const int above = place(facade, 0.5, facade.planned()).y;
  const int below = masked.rows - place(facade, 0.5, 0).y;
  write_caption(masked, caption_of(estimate, name), above >= below);
  // Over the caption, where that had to cover the roof.
  const double cast = estimate.storeys;
  cv::line(masked, place(facade, -0.02, cast), place(facade, 1.02, cast), {0, 0, 255}, 2,
           cv::LINE_AA);
}

}  // namespace jieding::vision
