#include "vision/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "vision/calibration_drawing.hpp"
#include "vision/decode.hpp"
#include "vision/facade_fit.hpp"
#include "vision/level_lines.hpp"
#include "vision/privacy_mask.hpp"
#include "vision/storey_rhythm.hpp"

namespace jieding::vision {
namespace {

constexpr int drawn_quality = 90;
constexpr double most_strain = 3;
// Of a proposal without clicks: which slab edge is the ground, and how even the period is.
constexpr double ground_error_storeys = 0.3, period_error = 0.12;
constexpr double least_share = 0.7;  // of the longest group's length: neighbours have less
constexpr double clear_majority = 0.6;
constexpr const char* click_instead =
    "click the corners of its standing part and say how many storeys they span: --corners x,y x,y "
    "x,y x,y --storeys-visible N";

/// Where the fit starts from.
struct Standing {
  Corners corners;
  int storeys = 0;
  double error_px = 1;
  double ground_error = 0;  ///< storeys, of the whole ruler up or down
};

/// Why clicks cannot be the standing part of a facade; empty: they can.
std::string wrong_clicks(const Corners& clicks, cv::Size picture) {
  const std::array<int, 2> size{picture.width, picture.height};
  if (!all_inside(clicks, size))
    return "a corner lies outside the picture of " + size_text(size) + " pixels";
  if (!go_round(clicks))
    return "the corners do not go round an upright facade; give them as ground left, ground right, "
           "top right, top left";
  return {};
}

bool is_other(const CalibrationCall& call, cv::Point2d middle) {
  return std::any_of(call.others.begin(), call.others.end(), [&](const auto& facade) {
    std::vector<cv::Point2f> outline;
    outline.reserve(facade.size());
    for (const Point& p : facade)
      outline.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y));
    return cv::pointPolygonTest(outline, middle, false) >= 0;
  });
}

/// One way to read the picture.
struct Reading {
  LevelGroup group;
  StoreyRhythm rhythm;
};

bool agree(const StoreyRhythm& a, const StoreyRhythm& b) {
  return std::abs(a.period - b.period) < 0.02 * a.period &&
         std::abs(a.ground - b.ground) < 0.35 * a.period;
}

/// The reading that most others agree with, by the length of their lines; null without a clear
/// majority.
const Reading* most_agreed(const std::vector<Reading>& readings) {
  const Reading* best = nullptr;
  double most = 0, all = 0;
  for (const Reading& reading : readings) {
    double agreed = 0;
    for (const Reading& other : readings)
      if (agree(reading.rhythm, other.rhythm)) agreed += other.group.length;
    all += reading.group.length;
    if (agreed <= most) continue;
    most = agreed;
    best = &reading;
  }
  return most > clear_majority * all ? best : nullptr;
}

/// The facade with the most level lines; nothing when none is beyond doubt, or when the picture can
/// be read in two ways.
std::optional<Standing> find_standing(const CalibrationCall& call, const cv::Mat& grey,
                                      const Upright& upright) {
  const cv::Matx33d way = upright.straightening(grey.size());
  const cv::Matx33d back = way.inv();
  cv::Mat straight, fine;
  cv::warpPerspective(grey, straight, way, grey.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  straight.convertTo(fine, CV_32F);
  const std::vector<LevelLine> lines = level_lines(straight_edges(straight));
  const std::vector<LevelGroup> groups = level_groups(lines, grey.cols);
  std::vector<Reading> readings;
  for (const LevelGroup& group : groups) {
    if (group.length < least_share * groups.front().length) continue;
    const auto rhythm = find_rhythm(fine, group, lines);
    if (!rhythm) continue;
    const double middle_row = rhythm->ground - rhythm->period * rhythm->storeys / 2;
    if (!is_other(call, mapped(back, group.middle, group.row_at(middle_row, group.middle))))
      readings.push_back({group, *rhythm});
  }
  const Reading* found = most_agreed(readings);
  if (found == nullptr) return std::nullopt;
  const LevelGroup& where = found->group;
  const StoreyRhythm* best = &found->rhythm;
  Standing out;
  out.storeys = std::min(call.storeys, static_cast<int>(best->storeys));
  const double top = best->ground - out.storeys * best->period;
  const std::pair<double, double> places[] = {{best->left, best->ground},
                                              {best->right, best->ground},
                                              {best->right, top},
                                              {best->left, top}};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto [x, row] = places[i];
    const cv::Point2d p = mapped(back, x, where.row_at(row, x));
    out.corners[i] = {p.x, p.y};
  }
  out.error_px = std::max(1.0, period_error * best->period);
  out.ground_error = ground_error_storeys;
  return out;
}

std::string storeys_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

/// Fills in what is proposed; the refusal when nothing can be.
void propose(const CalibrationCall& call, const cv::Mat& picture, Calibration& out,
             cv::Mat& drawn) {
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  const auto seen = find_upright(straight_edges(grey), picture.size());
  const Upright upright = seen ? *seen : upright_before(picture.size());
  std::optional<Standing> standing;
  if (call.clicks) {
    out.refusal = wrong_clicks(*call.clicks, picture.size());
    if (!out.refusal.empty()) return;
    standing = {*call.clicks, call.storeys_visible, call.click_error_px, 0};
    if (!seen)
      out.notes.push_back(
          "hardly an upright edge is seen, so the shortening towards the roof is little known; a "
          "clear picture with a mast or houses is better");
  } else {
    if (seen) standing = find_standing(call, grey, upright);
    if (!standing) {
      out.refusal = std::string("no facade is seen whose storeys can be counted beyond doubt; ") +
                    click_instead;
      return;
    }
    if (call.storeys_visible > 0 && (standing->storeys > call.storeys_visible + 2 ||
                                     2 * standing->storeys < call.storeys_visible)) {
      out.refusal = "what repeats itself in the picture are " + std::to_string(standing->storeys) +
                    " storeys, not " + std::to_string(call.storeys_visible) + "; " + click_instead;
      return;
    }
  }
  const FacadeFit fit(standing->corners, standing->storeys, standing->error_px, upright,
                      picture.size());
  out.storeys_found = standing->storeys;
  const std::pair<double, double> places[] = {{0, 0}, {1, 0}, {1, call.storeys}, {0, call.storeys}};
  for (std::size_t i = 0; i < 4; ++i) {
    const cv::Point2d p = fit.at(places[i].first, places[i].second);
    out.corners[i] = {p.x, p.y};
  }
  out.roof_error = std::hypot(fit.error_at(call.storeys), standing->ground_error);
  out.middle_error = std::hypot(fit.error_at(call.storeys / 2.0), standing->ground_error);
  if (call.clicks && fit.strain() > most_strain)
    out.notes.push_back("the corners had to be moved by " + storeys_text(fit.strain()) +
                        " times their error to fit the upright edges; check them and how many "
                        "storeys they span");
  draw_calibration(drawn, fit, call.storeys, standing->storeys, out.roof_error);
}

}  // namespace

Calibration calibrate(const CalibrationCall& call) {
  Calibration out;
  const auto picture = decode_jpeg(call.jpeg);
  if (!picture) {
    out.refusal = picture.error().text();
    return out;
  }
  out.width_px = picture->cols;
  out.height_px = picture->rows;
  cv::Mat drawn = picture->clone();
  // The installer's own file: only what must never be seen is hidden.
  CameraSetup hidden;
  hidden.masks = call.masks;
  hidden.outside_hidden = false;
  PrivacyMask(hidden, drawn.size(), 1).burn(drawn, PrivacyMask::unmoved);
  propose(call, *picture, out, drawn);
  out.drawn = encode_jpeg(drawn, drawn_quality);
  return out;
}

}  // namespace jieding::vision
