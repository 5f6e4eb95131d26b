#include "tests/scenes/lens.hpp"

namespace jieding::scenes {

Lens::Lens(Vec eye, Vec target, double focal, int width, int height, double roll)
    : eye_(eye), focal_(focal), width_(width), height_(height), centre_{width / 2.0, height / 2.0} {
  forward_ = normalized(target - eye);
  right_ = normalized(cross(forward_, {0, 0, 1}));
  down_ = cross(forward_, right_);
  nudge({}, roll);
}

void Lens::nudge(Spot shift, double turn) {
  centre_.x += shift.x;
  centre_.y += shift.y;
  const Vec right = right_ * std::cos(turn) + down_ * std::sin(turn);
  down_ = down_ * std::cos(turn) - right_ * std::sin(turn);
  right_ = right;
}

Vec Lens::seen(Vec point) const {
  const Vec d = point - eye_;
  return {dot(d, right_), dot(d, down_), dot(d, forward_)};
}

Spot Lens::on_picture(Vec p) const {
  return {centre_.x + focal_ * p.x / p.z, centre_.y + focal_ * p.y / p.z};
}

Spot Lens::project(Vec point) const {
  return on_picture(seen(point));
}

Vec Lens::ray(double x, double y) const {
  return forward_ + right_ * ((x - centre_.x) / focal_) + down_ * ((y - centre_.y) / focal_);
}

}  // namespace jieding::scenes
