#include "vision/landscape.hpp"

#include <algorithm>

namespace jieding::vision {
namespace {

/// Share of the ground around the building. While the works go on there is soil between the grass.
constexpr double mostly = 0.7, hardly_soil = 0.1, still_soil = 0.3, green_before = 0.3;
constexpr double learning = 0.2;
/// Low sun on wet soil makes one green picture, not two.
constexpr double frames_needed = 2;

}  // namespace

void LandscapeWatch::learn(const FootEvidence& foot) {
  usual_ += learning * (foot.green - usual_);
}

void LandscapeWatch::see(const FootEvidence& foot) {
  if (done() || usual_ > green_before) return;
  if (foot.green > mostly && foot.soil < hardly_soil)
    ++green_;
  else if (foot.soil > still_soil)
    green_ = std::max(0.0, green_ - 1);
}

bool LandscapeWatch::done() const {
  return green_ >= frames_needed;
}

void LandscapeWatch::save(BlobWriter& out) const {
  out.put(usual_);
  out.put(green_);
}

bool LandscapeWatch::restore(BlobReader& in) {
  usual_ = in.get<double>();
  green_ = in.get<double>();
  return in.ok() && usual_ >= 0 && usual_ <= 1 && green_ >= 0 && green_ <= frames_needed;
}

}  // namespace jieding::vision
