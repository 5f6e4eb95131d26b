#pragma once

#include "tests/scenes/vec.hpp"

namespace jieding::scenes {

struct Spot {
  double x = 0, y = 0;  // pixels; the first pixel's centre lies at 0.5, 0.5
};

/// A pinhole camera without distortion. What the mast does to it (sway, a knock) is a shift and a
/// turn of the picture.
class Lens {
 public:
  Lens() = default;
  /// `focal` in pixels. The picture's centre is `target` moved by `shift`.
  Lens(Vec eye, Vec target, double focal, int width, int height, double roll = 0);

  void nudge(Spot shift, double turn);

  /// x right, y down, z into the scene: pixels are focal * x / z away from the centre.
  Vec seen(Vec point) const;
  Spot project(Vec point) const;
  Spot on_picture(Vec seen_point) const;
  /// The direction (not of unit length: its depth is 1) in which a pixel looks.
  Vec ray(double x, double y) const;

  Vec eye() const { return eye_; }
  int width() const { return width_; }
  int height() const { return height_; }
  double focal() const { return focal_; }

 private:
  Vec eye_, right_, down_, forward_;
  double focal_ = 1000;
  int width_ = 0, height_ = 0;
  Spot centre_;
};

}  // namespace jieding::scenes
