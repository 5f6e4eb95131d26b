#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/scenes/dice.hpp"
#include "tests/scenes/plan.hpp"

namespace jieding::scenes {

enum class Stage {
  SiteClearing,
  Excavation,
  Foundation,
  Superstructure,
  ToppedOut,
  Facade,
  ExternalWorks,
  Completed,
};

/// As in truth.csv.
std::string name_of(Stage stage);

/// How far a tower is at an instant.
struct Progress {
  Stage stage = Stage::SiteClearing;
  int cast = 0;              // storeys whose slab is cast
  double cycle = 0;          // the share of the work on the next storey that is done
  double dig = 0;            // 0..1 of the pit's depth
  double base = 0;           // 0..1 of the base slab and basement
  double scaffold = 0;       // top of the net, storeys; 0: none
  double scaffold_foot = 0;  // bottom of the net, storeys
  double infilled = 0;       // storeys with masonry
  double facade = 0;         // 0..1
  double landscape = 0;      // 0..1 of the external works
  bool parapet = false, roof_house = false, crane = true, hoist = false;
};

/// When what is done, in days since the works began. Work goes on in working days; stops and an
/// uneven pace stretch them to days of the calendar.
class Schedule {
 public:
  Schedule(const TowerPlan& tower, const Wishes& wishes, std::uint64_t seed, double delay = 0);

  Progress at(double day) const;
  double cast_day(int storey) const { return day_of(cast_[static_cast<std::size_t>(storey)]); }
  double topping_out_day() const { return day_of(topped_); }
  double last_day() const { return day_of(end_); }
  double first_cast_day() const { return cast_day(1); }

 private:
  void draw_works(Dice& dice, double delay);
  void draw_calendar(Dice& dice, const std::string& pace);
  double day_of(double work) const;
  double work_of(double day) const;
  void set_scaffold(Progress& progress, double work) const;
  void set_finishing(Progress& progress, double work) const;

  TowerPlan tower_;
  double dig_ = 0, base_ = 0;  // working days on which each begins
  std::vector<double> cast_;   // by storey; [0] is when the base is ready
  double topped_ = 0, masonry_done_ = 0, wrapped_ = 0;
  double facade_begins_ = 0, facade_ends_ = 0, crane_goes_ = 0, done_ = 0, end_ = 0;
  std::vector<std::pair<double, double>> calendar_;  // working day, day; both rise
};

}  // namespace jieding::scenes
