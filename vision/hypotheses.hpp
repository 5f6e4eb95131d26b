#pragma once

#include <vector>

#include "vision/camera_setup.hpp"

namespace jieding::vision {

/// One set of constants that no picture shows, in storeys.
struct Hypothesis {
  /// How far the building has come under it.
  struct State {
    int storeys = 0;  ///< cast
    int phase = 0;    ///< of the cycle of the next one
    bool topped = false;
  };

  bool bare = false;      ///< open frame with slab, columns, deck; else scaffold ahead
  bool platform = false;  ///< a net hides the uppermost storeys until the roof stands
  double offset = 0;      ///< top edge above the last slab
  double rim = 0;         ///< far rim per storey below the horizon
  double horizon = 0;
  double parapet = 0;  ///< above the roof slab
  double prior = 0;
};

/// All that a building of this setup may be: a grid of hypotheses, each with the chain of states
/// that it goes along.
class Hypotheses {
 public:
  using State = Hypothesis::State;
  /// Where the camera's horizon may cut the facade.
  struct Horizon {
    double storeys = 0;
    double weight = 0;
  };

  Hypotheses(const FacadeSetup& setup, const std::vector<Horizon>& horizons, bool roof_in_view);

  int planned() const { return setup_.storeys; }
  bool roof_in_view() const { return roof_in_view_; }
  const std::vector<Hypothesis>& all() const { return all_; }
  /// In the order in which they are gone through; the last is topped.
  const std::vector<State>& states_of(const Hypothesis& hypothesis) const {
    return hypothesis.bare ? bare_chain_ : scaffold_chain_;
  }
  /// Of the top edge, in storeys.
  double height(const Hypothesis& hypothesis, const State& state) const;
  /// How likely the camera found the building so, not normalised.
  double at_start(const State& state) const;
  /// People say that all storeys were cast when the camera came.
  bool stood_whole() const { return setup_.storeys_at_start == setup_.storeys; }

 private:
  void add(Scaffold scaffold, double share, const std::vector<Horizon>& horizons);
  int phases(bool bare, int storeys) const;
  std::vector<State> chain(bool bare) const;

  FacadeSetup setup_;
  bool roof_in_view_;
  std::vector<Hypothesis> all_;
  std::vector<State> scaffold_chain_, bare_chain_;
};

}  // namespace jieding::vision
