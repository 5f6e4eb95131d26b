#include "vision/landscape.hpp"

#include <algorithm>

namespace jieding::vision {
namespace {

/// Share of the ground around the building: more than half of it, and so much more than while the
/// building rose. While the works go on there is soil between the grass.
constexpr double mostly = 0.5, more_than_before = 0.2, still_soil = 0.3;
/// Of the grass; a path and beds are left.
constexpr double hardly_soil = 0.2;
/// Night, fog and snow leave less of it with any colour: such a picture teaches nothing.
constexpr double least_colour = 0.2;
constexpr int enough_pictures = 5;
/// Low sun on wet soil makes one green picture, not two.
constexpr double frames_needed = 2;

}  // namespace

void LandscapeWatch::learn(const FootEvidence& foot) {
  if (foot.green + foot.soil < least_colour) return;
  pictures_ = std::min(pictures_ + 1, enough_pictures);
  usual_ += (foot.green - usual_) / pictures_;
}

void LandscapeWatch::see(const FootEvidence& foot) {
  if (done()) return;
  const bool greener = foot.green > std::max(mostly, usual_ + more_than_before);
  if (greener && foot.soil < hardly_soil * foot.green)
    ++green_;
  else if (foot.soil > still_soil)
    green_ = std::max(0.0, green_ - 1);
}

bool LandscapeWatch::done() const {
  return green_ >= frames_needed;
}

void LandscapeWatch::save(BlobWriter& out) const {
  out.put(std::int32_t{pictures_});
  out.put(usual_);
  out.put(green_);
}

bool LandscapeWatch::restore(BlobReader& in) {
  pictures_ = in.get<std::int32_t>();
  usual_ = in.get<double>();
  green_ = in.get<double>();
  return in.ok() && pictures_ >= 0 && pictures_ <= enough_pictures && usual_ >= 0 && usual_ <= 1 &&
         green_ >= 0 && green_ <= frames_needed;
}

}  // namespace jieding::vision
