#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace jieding::vision {

/// Where the ground of the reference picture lies in another picture of the camera: a similarity
/// (shift, small turn, small zoom) in pixels of the working picture.
class Placing {
 public:
  Placing() = default;
  explicit Placing(const cv::Matx23d& to_now) : to_now_(to_now) {}
  static Placing shifted(cv::Point2d by) { return Placing({1, 0, by.x, 0, 1, by.y}); }

  const cv::Matx23d& matrix() const { return to_now_; }
  cv::Point2d now(cv::Point2d reference) const;
  /// The same for pictures whose pixels are `factor` times as many per side.
  Placing scaled(double factor) const;
  /// How far the middle of a picture of this size has gone, and the farthest of its corners.
  cv::Point2d shift(cv::Size size) const;
  double farthest(cv::Size size) const { return apart(*this, Placing(), size); }
  /// Largest distance between two placings at a corner of a picture of this size.
  static double apart(const Placing& a, const Placing& b, cv::Size size);

  /// The picture put back to where the reference is; what it does not show repeats its border.
  cv::Mat put_back(const cv::Mat& picture) const;
  /// 255 where the picture that was put back really shows something.
  cv::Mat shown(cv::Size size) const;
  bool is_still() const { return to_now_ == cv::Matx23d(1, 0, 0, 0, 1, 0); }

 private:
  bool is_plain_shift() const;

  cv::Matx23d to_now_{1, 0, 0, 0, 1, 0};
};

/// Outlines of a picture at half the working size, relative to their surroundings, so that fog and
/// night weigh like day; and the spectrum of those beside the buildings.
struct Landmarks {
  cv::Mat outline;
  cv::Mat spectrum;
  double strength = 0;  ///< mean gradient beside the buildings, grey levels per pixel
};

struct Placement {
  Placing placing;
  /// Measured in this picture, or there was none before; else that of before is carried on.
  bool verified = false;
  bool lost = false;    ///< the camera looks elsewhere: nothing in the picture can be trusted
  double likeness = 0;  ///< of the outlines to the best reference's, -1..1
};

/// Finds how the camera has been knocked. From where the last picture lay, and if that fails from
/// where phase correlation of all outlines beside the buildings says, many patches must agree on
/// one small motion. A single answer is wrong now and then by tens of pixels.
class Registration {
 public:
  explicit Registration(const cv::Mat& beside);

  Landmarks landmarks(const cv::Mat& bgr) const;
  /// `references` lie in the reference's place already, likest light first.
  Placement place(const Landmarks& now, const std::vector<const Landmarks*>& references,
                  const Placing& last) const;

 private:
  cv::Point2d whole_shift(const Landmarks& then, const Landmarks& now) const;
  /// Outlines put back where a placing says that they lie, beside those of a reference.
  struct Laid {
    Placing placing;
    cv::Mat outline;
    cv::Mat shown;  ///< 255 where it shows something; empty when that is nearly everywhere
    double likeness = 0;
  };

  /// What one reference says of where a picture lies.
  struct Sighting {
    Laid stayed;                   ///< where the last picture lay
    std::optional<Laid> moved;     ///< elsewhere, where it is more alike and may lie
    std::optional<Laid> verified;  ///< where patches agree that it lies
    bool jumps_alone = false;      ///< where it is more alike it may not lie: it tells of no place
    double likeness_there = -1;    ///< where the whole looks most alike; -1 where none was sought
  };

  Laid lay(const Landmarks& then, const Landmarks& now, const Placing& placing) const;
  Sighting sight(const Landmarks& then, const Landmarks& now, const Placing& last) const;
  std::optional<Laid> verified(const Landmarks& then, const Landmarks& now, const Laid& stayed,
                               const Laid& start) const;
  bool may_lie(const Landmarks& then, const Laid& stayed, const Laid& there) const;
  /// Whether the pictures are alike where `last` puts them, the buildings included.
  bool is_same_as_a_whole(const Landmarks& then, const Landmarks& now, const Placing& last) const;
  /// Whether far more of what is seen has gone from where it would have `stayed` to where it is
  /// laid as `moved` than has not: one thing among others may.
  bool takes_all_along(const Landmarks& then, const Laid& stayed, const Laid& moved) const;
  std::optional<Placing> refine(const Landmarks& then, const Laid& now) const;

  cv::Size size_;   ///< of the working picture
  cv::Mat beside_;  ///< at half size
  cv::Mat window_, patch_window_;
  std::vector<cv::Rect> patches_;
};

}  // namespace jieding::vision
