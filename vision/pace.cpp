#include "vision/pace.hpp"

#include <algorithm>
#include <cmath>

namespace jieding::vision {
namespace {

/// Steps between counts that make a pace.
constexpr std::size_t steps_needed = 2;
/// A stop of the works takes no longer than so many middling steps.
constexpr double longest_step = 3;
/// What the roof takes once the last storey is cast, in storeys.
constexpr double roof_works = 1;

/// Pictures a storey, from the first picture that showed each one cast (0 none yet); 0: too few
/// steps were seen.
double pace_of(const std::vector<int>& reached_at) {
  struct Step {
    double each;
    std::size_t storeys;
  };
  std::vector<Step> steps;
  std::size_t last = 0;
  for (std::size_t n = 1; n < reached_at.size(); ++n) {
    if (reached_at[n] == 0) continue;
    const int pictures = last > 0 ? reached_at[n] - reached_at[last] : 0;
    const std::size_t storeys = n - last;
    if (pictures > 0) steps.push_back({pictures / static_cast<double>(storeys), storeys});
    last = n;
  }
  if (steps.size() < steps_needed) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end(),
                   [](const Step& one, const Step& other) { return one.each < other.each; });
  const double most = longest_step * middle->each;
  double pictures = 0, storeys = 0;
  for (const Step& step : steps) {
    pictures += std::min(step.each, most) * static_cast<double>(step.storeys);
    storeys += static_cast<double>(step.storeys);
  }
  return pictures / storeys;
}

}  // namespace

Pace::Pace(int storeys) : reached_at_(static_cast<std::size_t>(storeys) + 1, 0) {}

void Pace::see(int storeys, bool out_of_view) {
  ++pictures_;
  if (!out_of_view) {
    left_at_ = left_with_ = 0;
    int& reached = reached_at_[static_cast<std::size_t>(storeys)];
    if (storeys > 0 && reached == 0) {
      reached = pictures_;
      each_ = pace_of(reached_at_);
    }
  } else if (left_at_ == 0) {
    left_at_ = pictures_;
    left_with_ = storeys;
  }
}

void Pace::confirm(int storeys) {
  if (left_at_ == 0) return;
  left_at_ = pictures_;
  left_with_ = storeys;
}

/// To the nearest: the works left the picture in the middle of a storey.
std::optional<int> Pace::cast_by_now() const {
  if (left_at_ == 0 || each_ == 0) return {};
  const auto planned = static_cast<int>(reached_at_.size()) - 1;
  const double risen = std::round((pictures_ - left_at_) / each_);
  return static_cast<int>(std::min<double>(left_with_ + risen, planned));
}

bool Pace::all_cast() const {
  if (left_at_ == 0 || each_ == 0) return false;
  const double above = static_cast<double>(reached_at_.size()) - 1 - left_with_ + roof_works;
  return pictures_ - left_at_ >= above * each_;
}

void Pace::save(BlobWriter& out) const {
  for (const int picture : reached_at_)
    out.put(std::int32_t{picture});
  for (const int n : {pictures_, left_at_, left_with_})
    out.put(std::int32_t{n});
}

bool Pace::restore(BlobReader& in) {
  Pace read(*this);
  for (int& picture : read.reached_at_)
    picture = in.get<std::int32_t>();
  for (int* n : {&read.pictures_, &read.left_at_, &read.left_with_})
    *n = in.get<std::int32_t>();
  const auto taken = [&](int picture) { return picture >= 0 && picture <= read.pictures_; };
  const auto storeys = static_cast<int>(reached_at_.size()) - 1;
  if (!in.ok() || !taken(read.left_at_) || read.left_with_ < 0 || read.left_with_ > storeys ||
      !std::all_of(read.reached_at_.begin(), read.reached_at_.end(), taken))
    return false;
  read.each_ = pace_of(read.reached_at_);
  *this = read;
  return true;
}

}  // namespace jieding::vision
