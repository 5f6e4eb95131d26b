#include "vision/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jieding::vision {
namespace {

constexpr int font = cv::FONT_HERSHEY_SIMPLEX;
constexpr double capital_px = 21;  ///< height of its capitals at size 1
/// Capitals are this part of the picture's width: on a phone they stand some 8 of 390 pixels high.
constexpr double capitals_per_width = 48;

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
    cv::putText(picture, text, at, font, size, colour, width, cv::LINE_AA);
}

/// As it is written: a sum of such figures is right for whoever checks it.
double tenths(double value) {
  return std::round(value * 10) / 10;
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", tenths(value));
  return text;
}

std::string headline(const BuildingEstimate& estimate) {
  std::string out = estimate.building + "  " + std::to_string(static_cast<int>(estimate.storeys));
  out += " of " + std::to_string(estimate.bands.size());
  if (estimate.storeys_low != estimate.storeys_high)
    out += "  [" + std::to_string(estimate.storeys_low) + ".." +
           std::to_string(estimate.storeys_high) + "]";
  std::string stage(to_text(estimate.stage));
  std::replace(stage.begin(), stage.end(), '_', ' ');
  return out + "  " + stage;
}

std::optional<double> ground(const BuildingEstimate& estimate, std::string_view name) {
  for (const Measure& one : estimate.grounds)
    if (one.name == name) return one.value;
  return {};
}

/// What the picture shows, and how the storeys follow from it.
std::string sum_of(const BuildingEstimate& estimate) {
  const auto top = ground(estimate, "top_edge");
  if (!top) return {};
  const std::string edge = "top edge " + short_number(*top);
  if (ground(estimate, "no_storey")) return edge + ": no storey yet";
  if (ground(estimate, "roof_stands")) return edge + ": the roof stands";
  const auto ahead = ground(estimate, "works_ahead");
  if (!ahead) return edge;
  return edge + " - works " + short_number(*ahead) + " = " +
         short_number(tenths(*top) - tenths(*ahead));
}

/// What else counted; empty most of the time.
std::string remark_of(const BuildingEstimate& estimate) {
  if (const auto before = ground(estimate, "went_back_from"))
    return "corrected: was " + std::to_string(cvRound(*before));
  if (const auto end = ground(estimate, "view_ends"))
    return "the picture ends at " + short_number(*end) + ": more may stand";
  if (ground(estimate, "outweighed")) return "earlier pictures say otherwise, and count";
  if (ground(estimate, "light_unknown")) return "light not seen before: less sure";
  return ground(estimate, "counted") == estimate.storeys ? "people counted the same" : "";
}

/// In a dark band along that edge of the picture which the facade leaves more room at.
void write_caption(cv::Mat& picture, const std::vector<std::string>& lines, bool at_top) {
  int longest = 1;
  for (const std::string& line : lines)
    longest = std::max(longest, cv::getTextSize(line, font, 1, 2, nullptr).width);
  const double size =
      std::min(picture.cols / (capitals_per_width * capital_px), 0.96 * picture.cols / longest);
  const int step = cvRound(1.7 * size * capital_px), margin = cvRound(0.02 * picture.cols);
  const int height = std::min(picture.rows, step * static_cast<int>(lines.size()) + step / 3);
  cv::Mat band =
      picture.rowRange(at_top ? 0 : picture.rows - height, at_top ? height : picture.rows);
  band.convertTo(band, -1, 0.35);
  for (std::size_t i = 0; i < lines.size(); ++i)
    cv::putText(band, lines[i], {margin, step * static_cast<int>(i + 1) - step / 8}, font, size,
                {255, 255, 255}, std::max(1, cvRound(2 * size)), cv::LINE_AA);
}

}  // namespace

void draw_overlay(cv::Mat& masked, const Facade& facade, cv::Point2d shift,
                  const BuildingEstimate& estimate) {
  const double size = std::max(0.5, masked.cols / 1500.0);
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
  std::vector<std::string> lines{headline(estimate)};
  for (std::string line : {sum_of(estimate), remark_of(estimate)})
    if (!line.empty()) lines.push_back(std::move(line));
  const int above = place(facade, 0.5, facade.planned(), shift).y;
  const int below = masked.rows - place(facade, 0.5, 0, shift).y;
  write_caption(masked, lines, above >= below);
}

}  // namespace jieding::vision
