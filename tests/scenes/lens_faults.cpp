#include <opencv2/imgproc.hpp>

#include "tests/scenes/dice.hpp"
#include "tests/scenes/sensor.hpp"

namespace jieding::scenes {
namespace {

cv::Point point_in(const cv::Mat& picture, double x, double y) {
  return {static_cast<int>(x * picture.cols), static_cast<int>(y * picture.rows)};
}

/// `cover` over the picture where `mask` (0..1) says so.
void blend(cv::Mat& picture, const cv::Mat& cover, const cv::Mat& mask) {
  for (int y = 0; y < picture.rows; ++y) {
    auto* to = picture.ptr<cv::Vec3f>(y);
    const auto* from = cover.ptr<cv::Vec3f>(y);
    const auto* share = mask.ptr<float>(y);
    for (int x = 0; x < picture.cols; ++x)
      to[x] += (from[x] - to[x]) * share[x];
  }
}

cv::Mat blurred(const cv::Mat& picture, double sigma) {
  cv::Mat out;
  if (sigma > 6) {  // a wide blur needs no resolution
    cv::resize(picture, out, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::GaussianBlur(out, out, {}, sigma / 4);
    cv::resize(out, out, picture.size(), 0, 0, cv::INTER_LINEAR);
    return out;
  }
  cv::GaussianBlur(picture, out, {}, sigma);
  return out;
}

cv::Mat plain(const cv::Mat& like, double grey) {
  return {like.size(), CV_32FC3, cv::Scalar::all(grey)};
}

double brightness(const cv::Mat& picture) {
  return cv::mean(picture)[1];
}

void add_streaks(cv::Mat& picture, const Light& light, Dice& dice) {
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_8U);
  const int count = static_cast<int>(picture.rows * picture.cols / 2600 * dice.between(0.4, 1.6));
  const double slant = dice.between(-0.25, 0.25), reach = dice.between(8, 26) * picture.rows / 720;
  for (int i = 0; i < count; ++i) {
    const cv::Point from = point_in(picture, dice.unit(), dice.unit());
    const double length = reach * dice.between(0.5, 1.4);
    const cv::Point to(from.x + static_cast<int>(slant * length),
                       from.y + static_cast<int>(length));
    cv::line(mask, from, to, cv::Scalar::all(dice.between(25, 90)), 1, cv::LINE_AA);
  }
  cv::Mat share;
  mask.convertTo(share, CV_32F, 1 / 255.0);
  blend(picture, plain(picture, light.horizon.y * 1.15), share);
}

void add_flakes(cv::Mat& picture, const Light& light, Dice& dice) {
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_8U);
  const int count = static_cast<int>(picture.rows * picture.cols / 900 * dice.between(0.3, 1.5));
  for (int i = 0; i < count; ++i) {
    const double radius = dice.chance(0.03) ? dice.between(3, 8) : dice.between(0.5, 2);
    cv::circle(mask, point_in(picture, dice.unit(), dice.unit()), static_cast<int>(radius + 0.5),
               cv::Scalar::all(dice.between(60, 220)), cv::FILLED, cv::LINE_AA);
  }
  cv::GaussianBlur(mask, mask, {}, 0.8);
  cv::Mat share;
  mask.convertTo(share, CV_32F, 1 / 255.0);
  blend(picture, plain(picture, light.horizon.y * 1.25), share);
}

void add_glare(cv::Mat& picture) {
  cv::Mat small;
  cv::resize(picture, small, {}, 0.25, 0.25, cv::INTER_AREA);
  small = cv::max(small - cv::Scalar::all(0.6), 0.0);
  small = cv::min(small, 12.0);
  cv::GaussianBlur(small, small, {}, 5);
  cv::resize(small, small, picture.size(), 0, 0, cv::INTER_LINEAR);
  picture += small * 0.35;
}

/// Spots on the glass: soft, out of focus, each hiding a part of what is behind it.
cv::Mat spots(const cv::Mat& picture, int count, double smallest, double largest, Dice& dice) {
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_32F);
  for (int i = 0; i < count; ++i) {
    const double r = dice.between(smallest, largest) * picture.rows;
    const cv::Size axes(static_cast<int>(r * dice.between(0.6, 1.4)) + 1, static_cast<int>(r) + 1);
    cv::ellipse(mask, point_in(picture, dice.unit(), dice.unit()), axes, dice.between(0, 180), 0,
                360, cv::Scalar::all(dice.between(0.6, 1)), cv::FILLED);
  }
  return blurred(mask, 0.006 * picture.rows);
}

void add_foreground(cv::Mat& picture, std::uint64_t site) {
  Dice dice(site, "foreground");
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_8U);
  const cv::Scalar full = cv::Scalar::all(255);
  const int unit = std::max(1, picture.rows / 90), kind = dice.whole(0, 2);
  if (kind == 0) {  // a rail below
    const double y = dice.between(0.9, 0.97);
    cv::line(mask, point_in(picture, 0, y), point_in(picture, 1, y + dice.between(-0.04, 0.04)),
             full, 2 * unit, cv::LINE_AA);
    for (int i = 0; i < 5; ++i)
      cv::line(mask, point_in(picture, 0.1 + 0.2 * i, y), point_in(picture, 0.1 + 0.2 * i, 1.1),
               full, unit, cv::LINE_AA);
  } else if (kind == 1) {  // cables
    for (int i = 0; i < 2; ++i)
      cv::line(mask, point_in(picture, 0, dice.between(0, 0.4)),
               point_in(picture, 1, dice.between(0, 0.4)), full, std::max(1, unit / 3),
               cv::LINE_AA);
  } else {  // a branch from a corner
    const double side = dice.chance(0.5) ? 0 : 1;
    for (int i = 0; i < 60; ++i) {
      const double x = std::abs(side - 0.25 * dice.unit() * dice.unit());
      cv::circle(mask, point_in(picture, x, 0.3 * dice.unit() * dice.unit()), 2 * unit, full,
                 cv::FILLED, cv::LINE_AA);
    }
  }
  cv::GaussianBlur(mask, mask, {}, unit * 0.35);
  cv::Mat share;
  mask.convertTo(share, CV_32F, 1 / 255.0);
  blend(picture, plain(picture, 0.12 * brightness(picture)), share);
}

void block(cv::Mat& picture, Dice& dice) {
  const double bright = brightness(picture);
  picture = blurred(picture, dice.between(2, 9));
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_32F);
  const double from = dice.between(-0.3, 0.15), to = from + dice.between(0.55, 0.95);
  const double tilt = dice.between(-0.2, 0.2);
  const bool sideways = dice.chance(0.6);
  std::vector<cv::Point> corners;
  for (const auto& [along, across] :
       {std::pair{from, -0.1}, {to, -0.1}, {to + tilt, 1.1}, {from, 1.1}})
    corners.push_back(sideways ? point_in(picture, along, across)
                               : point_in(picture, across, along));
  cv::fillConvexPoly(mask, corners, cv::Scalar::all(1));
  mask = blurred(mask, dice.between(3, 20) * picture.rows / 720);
  cv::Mat cloth = plain(
      picture, bright * (dice.chance(0.6) ? dice.between(0.01, 0.06) : dice.between(0.2, 0.7)));
  blend(picture, cloth, mask);
}

void soil(cv::Mat& picture, Dice& dice) {
  const double bright = brightness(picture);
  const cv::Mat wet = blurred(picture, 0.02 * picture.rows);
  blend(picture, wet, spots(picture, dice.whole(30, 90), 0.02, 0.09, dice));
  if (dice.chance(0.7))
    blend(picture, plain(picture, 0.35 * bright),
          spots(picture, dice.whole(8, 40), 0.01, 0.08, dice));
}

}  // namespace

void add_weather(cv::Mat& picture, const Light& light, Dice& dice) {
  if (light.lamps_on) add_glare(picture);
  if (light.condition == Condition::Rain) add_streaks(picture, light, dice);
  if (light.condition == Condition::Snow) add_flakes(picture, light, dice);
}

void add_lens(cv::Mat& picture, const CameraPlan& camera, std::uint64_t site, Fault fault,
              Dice& dice) {
  if (camera.foreground) add_foreground(picture, site);
  if (camera.smudges > 0) {
    Dice lasting(site, "smudges");
    const cv::Mat where = spots(picture, 3, 0.02, 0.08, lasting);
    blend(picture, plain(picture, brightness(picture)), where * (0.3 * camera.smudges));
  }
  if (fault == Fault::Defocus)
    picture = blurred(picture, dice.between(4, 11) * picture.rows / 720);
  else if (camera.softness > 0.35)
    cv::GaussianBlur(picture, picture, {}, camera.softness);
  if (fault == Fault::Blocked) block(picture, dice);
  if (fault == Fault::DirtyLens) soil(picture, dice);
}

}  // namespace jieding::scenes
