#pragma once

#include <vector>

#include "vision/camera_setup.hpp"
#include "vision/hypotheses.hpp"
#include "vision/pit_rim.hpp"
#include "vision/row_evidence.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// What the filter holds after a frame.
struct StoreyBelief {
  int storeys = 0;               ///< median of the storeys cast
  int low = 0, high = 0;         ///< hold the truth in about 95 pictures of 100
  double confidence = 0;         ///< of `storeys`
  double topped_out = 0;         ///< probability that the roof stands complete
  double topped_at = 0;          ///< if it does: when that was, expected; as told to see()
  double working_height = 0;     ///< storeys by which works reach above the last slab
  std::vector<double> at_least;  ///< probability that this many storeys are cast, index 0..planned
};

/// Causal Bayesian filter over storeys cast x phase of the cycle x what cannot be seen directly:
/// how far the scaffold runs ahead, how much of the far rim shows below the horizon. Hidden
/// constants are a grid of hypotheses, each with its own chain; all share the frames. No date moves
/// a weight: a step may lie between any two frames. Dates are carried beside the weights.
class StoreyFilter {
 public:
  using Horizon = Hypotheses::Horizon;

  /// Topping-out is believed only where the roof is in the picture.
  StoreyFilter(const FacadeSetup& setup, const std::vector<Horizon>& horizons, bool roof_in_view);

  /// What is known beside the rows.
  struct Known {
    bool stands = false;  ///< some storeys do for sure: a frame without them tells nothing
    bool base = false;    ///< of concrete, on which the first storey comes next
    /// The frame shows a body where nobody told that anything stands: any storeys may.
    bool late = false;
  };

  /// `between`: a time between the frame before and this one, on any scale: a step is dated there.
  void see(const RowEvidence& rows, double between, const Known& known);
  /// People counted; they may be wrong, but seldom and then by one.
  void confirm(int storeys);
  StoreyBelief belief() const;

  void save(BlobWriter& out) const;
  /// False for weights of another size or that are no distribution.
  bool restore(BlobReader& in);

 private:
  using State = Hypothesis::State;

  void hold(const std::vector<double>& weights);
  template <class Changed>
  void reweigh(Changed changed);
  void doubt_start();
  bool may_be_ground(const Hypothesis& hypothesis, const State& state) const;
  void step(const Hypothesis& hypothesis, double* weights, double& topped_at, double now) const;
  bool stands_at_its_height(const Hypothesis& hypothesis, double top) const;
  bool is_coming_down(const Hypothesis& hypothesis, const double* weights, double top) const;
  void prepare(const RowEvidence& rows, const Known& known);
  double look(const State& state, double timber, double solid) const;
  std::size_t row_at(double height) const;
  double density_at(double height) const;
  bool may_not_have_followed(const Hypothesis& hypothesis, const State& state) const;
  double likelihood(const Hypothesis& hypothesis, const State& state) const;
  double shared(double likelihood) const;

  Hypotheses hypotheses_;
  std::vector<float> weights_;      ///< hypotheses x their chain
  std::vector<double> topped_at_;   ///< per hypothesis: when its roof was done, if it is; expected
  std::vector<double> lowered_at_;  ///< per hypothesis: when its scaffold was last seen on its way
                                    ///< down from the last slab; else 0
  PitRim rim_;
  // of the frame in hand
  std::vector<double> density_;  ///< of the top edge, per row and storey
  std::vector<double> timber_;   ///< log-odds that formwork stands below this row
  std::vector<double> solid_;    ///< log-odds that what ends at this row is closed
  double open_roof_ = 0;         ///< log-odds that no net hides the uppermost planned storeys
  double closed_roof_ = 0;       ///< log-odds that what stands on the roof slab is closed
  double wild_ = 0;              ///< probability that its evidence means nothing
  double blind_mass_ = 0;        ///< probability that the frame shows nothing at all
  double witness_ = 1;           ///< how much of it earlier frames did not say, 0..1
  double told_ = 1;              ///< how much it tells at all, 0..1
  bool on_base_ = false;         ///< if nothing is built, its base is
  double ground_ = 0;            ///< density of its top edge if nothing is built
};

}  // namespace jieding::vision
