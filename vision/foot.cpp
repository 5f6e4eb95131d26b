#include "vision/foot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "vision/usual_colour.hpp"

namespace jieding::vision {
namespace {

/// What is looked at: storeys below and above the ground line, facade widths to both sides.
constexpr double below = 1.5, above = 1.2, beside = 0.6;
constexpr int across = 64;  ///< samples per width of the facade

/// The pit begins a little before the facade; it and its slopes are a little wider.
constexpr double pit_from = -0.2, pit_beside = 0.2;
constexpr double rim = 0.04;  ///< of the width, left out at both ends
/// Ground in front, where nothing is dug.
constexpr double front_from = -1.1, front_to = -0.25;
/// Around the building lies ground, not pit and not houses.
constexpr double apron_below = -0.25, apron_above = 0.4;

/// Share of its brightness that the ground's colour (red less blue) must be to call it soil: snow
/// and paving have none, and fog takes it.
constexpr double least_colour = 0.05, least_brightness = 20;
/// A side of a row is ground when it is like the ground in front: so many parts of its colour (of
/// its brightness where it has none) and of its brightness away, together.
constexpr double ground_colour = 0.5, ground_without_colour = 0.1, ground_brightness = 0.3;
/// Where the picture ends at the building, rows up to here are held against the ground in front.
constexpr double surely_ground = 0.5;
constexpr int fewest_rows = 5;
constexpr std::size_t fewest_beside = 8, fewest_in_front = 50;

/// Concrete is greyer than the ground by this part of the ground's colour. In a shade it may be so
/// many grey levels darker for each that it is greyer; a pit is darker by far.
constexpr double grey_from = 0.35, shade = 1.5;
/// Grass is less red, too; but greener, by more than this part of the ground's colour.
constexpr double grass_from = 0.3;
/// A pit is darker by so much of the ground's colour, or of its brightness where that is less.
constexpr double dark_by_colour = 2.0, dark_by_brightness = 0.35;

/// Hues in degrees: soil, wet or dry, is red to orange; grass is yellow, in winter, to green, but
/// not as blue as a hoarding's green. Haze takes of a colour but turns no hue. What is paler than
/// this part of its brightness (snow, paving) has none.
constexpr double soil_until = 40, grass_hue_from = 45, grass_until = 120, least_paint = 0.04;

double height_of(int row) {
  return (row + 0.5) / rows_per_storey - below;
}
double width_of(int column) {
  return (column + 0.5) / across - beside;
}

double brightness(const cv::Vec3f& p) {
  return (p[0] + p[1] + p[2]) / 3.0;
}
double colour(const cv::Vec3f& p) {
  return p[2] - p[0];
}

/// The samples of one picture: what they show, and which of them are known.
struct Samples {
  cv::Mat bgr, known;

  bool knows(int y, int x) const { return known.at<uchar>(y, x) != 0; }
  const cv::Vec3b& at(int y, int x) const { return bgr.at<cv::Vec3b>(y, x); }
};

/// Ground to compare with.
struct Ground {
  explicit Ground(const cv::Vec3f& seen)
      : bgr(seen), light(brightness(seen)), warmth(colour(seen)) {}
  bool coloured() const { return warmth > least_colour * light; }

  cv::Vec3f bgr;
  double light, warmth;
};

std::optional<Ground> ground_in_front(const Samples& samples) {
  UsualColour usual;
  for (int y = 0; y < samples.bgr.rows; ++y) {
    if (height_of(y) < front_from || height_of(y) > front_to) continue;
    for (int x = 0; x < samples.bgr.cols; ++x)
      if (samples.knows(y, x)) usual.add(samples.at(y, x));
  }
  if (usual.count() < fewest_in_front) return std::nullopt;
  const Ground ground(usual.median());
  return ground.light > least_brightness ? std::optional(ground) : std::nullopt;
}

double unlike(const Ground& one, const Ground& front) {
  const double tolerance =
      front.coloured() ? ground_colour * front.warmth : ground_without_colour * front.light;
  return std::abs(one.warmth - front.warmth) / tolerance +
         std::abs(one.light - front.light) / (ground_brightness * front.light);
}

/// Ground beside the building in one row: of both sides the one that is more like the ground in
/// front. On the other a neighbour may stand, and higher rows may look over all ground.
std::optional<Ground> ground_beside(const Samples& samples, int row, const Ground& front) {
  std::optional<Ground> out;
  bool in_picture = false;
  for (const bool left : {true, false}) {
    UsualColour usual;
    for (int x = 0; x < samples.bgr.cols; ++x) {
      const bool here = left ? width_of(x) < -pit_beside : width_of(x) > 1 + pit_beside;
      if (here && samples.knows(row, x)) usual.add(samples.at(row, x));
    }
    if (usual.count() < fewest_beside) continue;
    in_picture = true;
    const Ground side(usual.median());
    if (unlike(side, front) < (out ? unlike(*out, front) : 1)) out = side;
  }
  if (!in_picture && height_of(row) < surely_ground) out = front;
  return out;
}

/// From red (0) over yellow (60) to green; nothing where it is bluer, or has no colour.
std::optional<double> hue_of(const cv::Vec3b& p) {
  const double blue = p[0], green = p[1], red = p[2];
  const double most = std::max(red, green), least = std::min({blue, green, red});
  if (green < blue || most - least <= least_paint * most) return std::nullopt;
  return red >= green ? 60 * (green - blue) / (most - least)
                      : 120 - 60 * (red - least) / (most - least);
}

/// What lies around the building: green, or soil.
void read_apron(const Samples& samples, FootEvidence& out) {
  int green = 0, soil = 0, count = 0;
  for (int y = 0; y < samples.bgr.rows; ++y) {
    for (int x = 0; x < samples.bgr.cols; ++x) {
      const bool at_side = width_of(x) < -pit_beside || width_of(x) > 1 + pit_beside;
      if (height_of(y) > (at_side ? apron_above : apron_below) || !samples.knows(y, x)) continue;
      ++count;
      const auto hue = hue_of(samples.at(y, x));
      green += hue && *hue >= grass_hue_from && *hue < grass_until;
      soil += hue && *hue < soil_until;
    }
  }
  if (count == 0) return;
  out.green = static_cast<double>(green) / count;
  out.soil = static_cast<double>(soil) / count;
}

double greenness(const cv::Vec3f& p) {
  return 2 * p[1] - p[0] - p[2];
}

/// What lies where the building is to stand: ground, the dark of a pit, or concrete.
void read_pit(const Samples& samples, const Ground& front, FootEvidence& out) {
  out.coloured = front.coloured();
  const double by_brightness = dark_by_brightness * front.light;
  const double darker =
      out.coloured ? std::min(dark_by_colour * front.warmth, by_brightness) : by_brightness;
  int rows = 0, grey = 0, dark = 0, count = 0;
  for (int y = 0; y < samples.bgr.rows; ++y) {
    if (height_of(y) < pit_from) continue;
    const auto ground = ground_beside(samples, y, front);
    if (!ground) continue;
    ++rows;
    for (int x = 0; x < samples.bgr.cols; ++x) {
      if (width_of(x) < rim || width_of(x) > 1 - rim || !samples.knows(y, x)) continue;
      const cv::Vec3f off = cv::Vec3f(samples.at(y, x)) - ground->bgr;
      const double greyer = -colour(off), darkened = -brightness(off);
      const bool concrete = out.coloured && greyer > grey_from * ground->warmth &&
                            darkened < shade * greyer &&
                            greenness(off) < grass_from * ground->warmth;
      grey += concrete;
      dark += !concrete && darkened > darker;
      ++count;
    }
  }
  out.known = rows >= fewest_rows && count > 0;
  if (!out.known) return;
  out.grey = static_cast<double>(grey) / count;
  out.dark = static_cast<double>(dark) / count;
}

}  // namespace

Foot::Foot(const Facade& facade) {
  const int rows = static_cast<int>((below + above) * rows_per_storey);
  const int columns = static_cast<int>((1 + 2 * beside) * across);
  const cv::Rect2d within = readable(facade.picture());
  map_.create(rows, columns, CV_32FC2);
  inside_.create(rows, columns, CV_8U);
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const cv::Point2d p = facade.at(width_of(x), height_of(y));
      map_.at<cv::Vec2f>(y, x) = {static_cast<float>(p.x), static_cast<float>(p.y)};
      inside_.at<uchar>(y, x) = within.contains(p) ? 255 : 0;
    }
  }
}

FootEvidence Foot::read(const cv::Mat& picture) const {
  Samples samples;
  cv::remap(picture, samples.bgr, map_, cv::noArray(), cv::INTER_NEAREST, cv::BORDER_REPLICATE);
  cv::Mat masked;  // masks are burnt in black
  cv::inRange(samples.bgr, cv::Scalar::all(0), cv::Scalar::all(0), masked);
  samples.known = inside_ & ~masked;
  FootEvidence out;
  read_apron(samples, out);
  if (const auto front = ground_in_front(samples)) read_pit(samples, *front, out);
  return out;
}

}  // namespace jieding::vision
