#include "tests/accuracy/score.hpp"

#include <chrono>
#include <cmath>

#include "vision/estimator.hpp"

namespace jieding::accuracy {
namespace {

using scenes::Shot;
using scenes::Site;
using vision::CameraSetup;

vision::Scaffold scaffold_of(scenes::Kind kind) {
  switch (kind) {
    case scenes::Kind::Climbing:
      return vision::Scaffold::Climbing;
    case scenes::Kind::Wrapped:
      return vision::Scaffold::Wrapped;
    case scenes::Kind::None:
      return vision::Scaffold::None;
  }
  return vision::Scaffold::Unknown;
}

CameraSetup setup_of(const Site& site) {
  const scenes::Plan& plan = site.plan();
  vision::FacadeSetup facade;
  facade.building = "b1";
  facade.storeys = plan.tower.storeys;
  facade.storey_height_m = plan.tower.storey_height;
  facade.scaffold = scaffold_of(plan.tower.kind);
  facade.storeys_at_start = plan.wishes.tell_start ? plan.start_at : 0;
  const auto clicked = site.clicked_corners();
  for (std::size_t i = 0; i < clicked.size(); ++i)
    facade.corners[i] = {clicked[i].x, clicked[i].y};
  CameraSetup out;
  out.id = "mast";
  out.width_px = plan.wishes.width;
  out.height_px = plan.wishes.height;
  out.publishes = false;
  out.facades = {facade};
  return out;
}

Instant instant(std::int64_t unix_seconds) {
  return Instant(std::chrono::seconds(unix_seconds));
}

double days(Instant from, Instant to) {
  return std::chrono::duration<double, std::ratio<86400>>(to - from).count();
}

class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  std::optional<double> value() const {
    return count_ > 0 ? std::optional(sum_ / count_) : std::nullopt;
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

/// Percent of what was asked.
class Share {
 public:
  void add(bool yes) { mean_.add(yes ? 100.0 : 0.0); }
  std::optional<double> value() const { return mean_.value(); }

 private:
  Mean mean_;
};

class Scorer {
 public:
  explicit Scorer(const Site& site)
      : planned_(site.plan().tower.storeys),
        topping_out_(instant(site.time_of(site.schedule().topping_out_day()))) {}

  void add(const Shot& shot, const FrameReport& report) {
    const BuildingEstimate& building = report.buildings.front();
    ++score_.frames;
    if (building.storeys < last_ && !building.corrected) ++score_.steps_back;
    last_ = building.storeys;
    for (const Proposal& proposal : report.proposals)
      add(proposal);
    if (shot.usable() == '0') {
      bad_refused_.add(!report.usable);
      return;
    }
    if (shot.usable() == '1') good_refused_.add(!report.usable);
    add(shot.tower, building);
  }

  Score result() const {
    Score out = score_;
    out.rising_error = rising_error_.value();
    out.within_one = within_one_.value();
    out.covered = covered_.value();
    out.width = width_.value();
    out.stage = stage_.value();
    out.bad_refused = bad_refused_.value();
    out.good_refused = good_refused_.value();
    return out;
  }

 private:
  void add(const scenes::Progress& truth, const BuildingEstimate& building) {
    const double error = std::abs(building.storeys - truth.cast);
    if (truth.cast > 0 && truth.cast < planned_) {
      rising_error_.add(error);
      within_one_.add(error <= 1);
    }
    covered_.add(building.storeys_low <= truth.cast && truth.cast <= building.storeys_high);
    width_.add(building.storeys_high - building.storeys_low);
    stage_.add(to_text(building.stage) == scenes::name_of(truth.stage));
  }

  void add(const Proposal& proposal) {
    if (proposal.milestone != "topping_out") return;
    if (++score_.topped_out > 1) return;
    score_.named_days = days(topping_out_, proposal.at);
    score_.said_days = days(topping_out_, proposal.decided_at);
  }

  const int planned_;
  const Instant topping_out_;
  Score score_;
  double last_ = 0;
  Mean rising_error_, width_;
  Share within_one_, covered_, stage_, bad_refused_, good_refused_;
};

}  // namespace

Score score(const Site& site) {
  vision::Estimator estimator(setup_of(site), {});
  Scorer scorer(site);
  for (std::size_t i = 0; i < site.shots().size(); ++i) {
    const Shot& shot = site.shots()[i];
    const Frame frame{"mast", shot.file(), instant(shot.at), site.jpeg(i)};
    scorer.add(shot, estimator.see(frame));
  }
  return scorer.result();
}

}  // namespace jieding::accuracy
