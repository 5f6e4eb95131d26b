#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/camera_setup.hpp"
#include "vision/pool.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// What one frame says about each storey's look and about the ground.
struct FinishEvidence {
  std::vector<double> openings;  ///< per storey: relief of windows or open bays; a net has none
  double pit = 0;                ///< share of the building's ground that is a dark hole
  /// Per storey: share of the band that looks unlike it did at topping-out; -1 not known. Empty
  /// before topping-out, while little is known of it, and in light that nothing explains.
  std::vector<double> changed;
};

FinishEvidence read_finish(const cv::Mat& strip);

/// FinishEvidence::changed, from a comparison with pictures taken at topping-out.
std::vector<double> changed_bands(const Change& since_topping_out);

/// Log-odds that no net hides the two uppermost planned storeys, from their relief against that of
/// the storeys below the reach of a climbing platform; 0 where nothing has relief.
double open_roof(const FinishEvidence& evidence);

/// Follows how the storeys below the top are closed and clad, and turns it into the stage.
class FinishWatch {
 public:
  explicit FinishWatch(const FacadeSetup& setup);

  void see(const FinishEvidence& evidence, int storeys, bool topped_out);
  Stage stage(int storeys, bool topped_out) const;
  /// The facade still looks as at topping-out: its picture may be kept to compare later ones with.
  bool as_topped_out() const { return as_topped_out_; }
  std::vector<StoreyState> bands(int storeys, double top) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void judge(std::size_t storey, bool net, bool wrapped, double changed);
  void take_off_light(std::vector<double>& changed) const;
  bool comparable(std::size_t storey) const;
  bool is_clad(std::size_t storey) const;
  double clad_share() const;

  FacadeSetup setup_;
  std::vector<double> clad_;            ///< per storey: running vote that the finished facade shows
  std::vector<double> covered_at_top_;  ///< per storey: 1 when a net hid it at topping-out
  std::vector<double> netted_;          ///< per storey: running vote that a net hangs before it
  std::vector<double> was_netted_;      ///< per storey: 1 when a net hung before it at the end
  bool topped_ = false, as_topped_out_ = false;
  double pit_ = 0, deepest_pit_ = 0;
  int reached_ = 0;  ///< furthest stage: stages only move forward
};

}  // namespace jieding::vision
