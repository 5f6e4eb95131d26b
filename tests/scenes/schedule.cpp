#include "tests/scenes/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace jieding::scenes {
namespace {

double share(double from, double to, double at) {
  return std::clamp((at - from) / std::max(1e-9, to - from), 0.0, 1.0);
}

}  // namespace

std::string name_of(Stage stage) {
  static constexpr std::array<const char*, 8> names{"site_clearing",  "excavation", "foundation",
                                                    "superstructure", "topped_out", "facade",
                                                    "external_works", "completed"};
  return names[static_cast<std::size_t>(stage)];
}

Schedule::Schedule(const TowerPlan& tower, const Wishes& wishes, std::uint64_t seed, double delay)
    : tower_(tower) {
  Dice works(seed, "works", tower.seed), calendar(seed, "calendar");
  draw_works(works, delay);
  static constexpr std::array<const char*, 3> paces{"even", "uneven", "stops"};
  const auto drawn = static_cast<std::size_t>(calendar.weighted({0.3, 0.35, 0.35}));
  draw_calendar(calendar, wishes.pace.value_or(paces[drawn]));
}

void Schedule::draw_works(Dice& dice, double delay) {
  dig_ = delay + dice.between(15, 45);
  base_ = dig_ + dice.between(20, 60);
  cast_.push_back(base_ + dice.between(25, 60));
  const double cycle = dice.between(4.5, 8.5);
  for (int k = 1; k <= tower_.storeys; ++k) {
    const double slower = k < 4 ? 1.6 : 1;
    cast_.push_back(cast_.back() + slower * cycle * std::exp(0.18 * dice.normal()));
  }
  topped_ = cast_.back() + dice.between(4, 9);
  masonry_done_ = topped_ + dice.between(15, 45);
  wrapped_ = topped_ + dice.between(14, 30);
  facade_begins_ = std::max(wrapped_, masonry_done_ * 0.5 + topped_ * 0.5) + dice.between(3, 15);
  facade_ends_ = facade_begins_ + dice.between(70, 150);
  crane_goes_ = dice.chance(0.6) ? facade_ends_ + dice.between(5, 25)
                                 : mix(topped_, facade_ends_, dice.between(0.3, 0.9));
  done_ = std::max(facade_ends_ + dice.between(50, 90), crane_goes_ + 15);
  end_ = done_ + dice.between(10, 30);
}

void Schedule::draw_calendar(Dice& dice, const std::string& pace) {
  calendar_.push_back({0, 0});
  double day = 0;
  const double next_stop_share = pace == "stops" ? dice.between(0.05, 0.11) : 0;
  bool long_stop_done = pace != "stops";
  for (double work = 0; work < end_;) {
    const double step = dice.between(6, 25);
    const double speed = pace == "even" ? dice.between(0.95, 1.05) : dice.between(0.7, 2.0);
    work += step;
    day += step * speed;
    calendar_.push_back({work, day});
    const bool rising = work > cast_.front() && work < topped_ - 2;
    const bool stop = rising && dice.chance(next_stop_share);
    if (!stop && !(rising && !long_stop_done && work > mix(cast_.front(), topped_, 0.4))) continue;
    day += long_stop_done ? dice.between(12, 45) : dice.between(60, 160);
    long_stop_done = true;
    work += 0.01;
    calendar_.push_back({work, day});
  }
}

double Schedule::day_of(double work) const {
  const auto after = std::upper_bound(
      calendar_.begin(), calendar_.end() - 1, work,
      [](double w, const std::pair<double, double>& knot) { return w < knot.first; });
  const auto [w1, d1] = *after;
  const auto [w0, d0] = after == calendar_.begin() ? *after : *(after - 1);
  return w1 > w0 ? mix(d0, d1, (work - w0) / (w1 - w0)) : d1;
}

double Schedule::work_of(double day) const {
  const auto after = std::upper_bound(
      calendar_.begin(), calendar_.end() - 1, day,
      [](double d, const std::pair<double, double>& knot) { return d < knot.second; });
  const auto [w1, d1] = *after;
  const auto [w0, d0] = after == calendar_.begin() ? *after : *(after - 1);
  return d1 > d0 ? mix(w0, w1, (day - d0) / (d1 - d0)) : w1;
}

Progress Schedule::at(double day) const {
  const double work = work_of(day);
  Progress p;
  p.dig = share(dig_, base_, work);
  p.base = share(base_, cast_.front(), work);
  p.cast = static_cast<int>(std::upper_bound(cast_.begin() + 1, cast_.end(), work) -
                            (cast_.begin() + 1));
  const auto k = static_cast<std::size_t>(p.cast);
  p.cycle = p.cast < tower_.storeys ? share(cast_[k], cast_[k + 1], work)
                                    : share(cast_[k], topped_, work);
  if (work < cast_.front()) p.cycle = 0;
  p.parapet = work >= topped_;
  p.roof_house = work >= topped_ + 4;
  p.crane = work > base_ && work < crane_goes_;
  p.hoist = p.cast >= 4 && work < facade_ends_;
  set_scaffold(p, work);
  set_finishing(p, work);

  if (work < dig_)
    p.stage = Stage::SiteClearing;
  else if (work < base_)
    p.stage = Stage::Excavation;
  else if (p.cast == 0)
    p.stage = Stage::Foundation;
  else if (!p.parapet)
    p.stage = Stage::Superstructure;
  else if (p.facade < 1.0 / 3)
    p.stage = Stage::ToppedOut;
  else if (work < facade_ends_)
    p.stage = Stage::Facade;
  else
    p.stage = work < done_ ? Stage::ExternalWorks : Stage::Completed;
  return p;
}

void Schedule::set_scaffold(Progress& p, double work) const {
  if (tower_.kind == Kind::None || work < cast_.front() || work >= facade_ends_) return;
  // The scaffold follows a slab a little after it is cast, and never goes above what the roof asks
  // for.
  const double followed = p.cast > 0 && p.cycle < tower_.climb_lag ? p.cast - 1.0 : p.cast;
  p.scaffold = followed + tower_.offset;
  if (p.cast == tower_.storeys) p.scaffold = std::min(p.scaffold, tower_.storeys + tower_.offset);
  const bool climbing = tower_.kind == Kind::Climbing;
  if (climbing && p.cast >= 5)
    p.scaffold_foot = std::max(0.0, p.scaffold - tower_.platform_storeys);
  const double roof = tower_.storeys + 0.25;
  if (p.parapet) {  // lowered to the parapet: by steps of one storey for the platform, at once for
                    // a wrap
    p.scaffold = std::max(roof, tower_.storeys + tower_.offset - share(topped_, topped_ + 3, work));
    if (climbing) p.scaffold_foot = p.scaffold - tower_.platform_storeys;
  }
  if (work < wrapped_) return;
  if (tower_.cladding != Cladding::BehindNet) {
    p.scaffold = p.scaffold_foot = 0;  // struck: the facade is hung from the roof
    return;
  }
  p.scaffold_foot = 0;
  p.scaffold = roof * (1 - share(facade_begins_, facade_ends_, work));
}

void Schedule::set_finishing(Progress& p, double work) const {
  const double rising = std::max(0.0, p.cast + p.cycle - tower_.infill_lag);
  const double after = mix(tower_.storeys - tower_.infill_lag, tower_.storeys,
                           share(cast_.back(), masonry_done_, work));
  p.infilled = p.cast < tower_.storeys ? rising : std::max({0.0, rising, after});
  p.infilled = std::min<double>(p.infilled, p.cast);
  p.facade = share(facade_begins_, facade_ends_, work);
  p.landscape = share(facade_ends_, done_, work);
}

}  // namespace jieding::scenes
