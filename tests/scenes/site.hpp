#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tests/scenes/light.hpp"
#include "tests/scenes/mesh.hpp"
#include "tests/scenes/plan.hpp"
#include "tests/scenes/schedule.hpp"
#include "tests/scenes/sensor.hpp"

namespace jieding::scenes {

/// One picture of the series, and what is true in it.
struct Shot {
  std::int64_t at = 0;  // seconds since 1970, UTC; whole minutes
  double day = 0;       // since the works began
  Condition condition = Condition::Clear;
  Fault fault = Fault::None;
  Progress tower;
  std::size_t shown = 0;  // the shot whose picture is seen: itself, or an earlier one when frozen

  std::string file() const;        // YYYYMMDDThhmmssZ.jpg
  std::string conditions() const;  // as in truth.csv
  /// '1' must be accepted, '0' must be refused, '?' may be either.
  char usable() const;
};

/// A building site in front of a fixed camera, drawn from a seed. Every picture can be had alone
/// and in any order.
class Site {
 public:
  explicit Site(const Wishes& wishes);

  const Plan& plan() const { return plan_; }
  const Schedule& schedule() const { return schedule_; }
  const std::vector<Shot>& shots() const { return shots_; }
  /// The first shot after the knock; none: the number of shots.
  std::size_t knocked_at() const;
  std::int64_t time_of(double day) const;

  /// The camera of a shot, sway and knock included.
  Lens lens(std::size_t shot) const;
  Mesh mesh(std::size_t shot, const Light& light) const;
  /// 8 bits, blue first. A torn shot is whole here: only its file is torn.
  cv::Mat picture(std::size_t shot) const;
  std::string jpeg(std::size_t shot) const;
  /// Corners as an installer clicks them: ground left, ground right, roof right, roof left
  /// (pixels).
  std::array<Spot, 4> clicked_corners() const;

 private:
  void draw_shots();
  std::vector<double> draw_days(Dice& dice) const;
  double draw_hour(double day, Dice& dice) const;
  void draw_faults();

  Plan plan_;
  Schedule schedule_, second_schedule_;
  std::int64_t begins_ = 0;  // midnight UTC of the first day
  std::vector<Shot> shots_;
};

/// Writes frames/, site.toml, truth.csv and calibration.json.
void write_site(const Site& site, const std::string& folder);

}  // namespace jieding::scenes
