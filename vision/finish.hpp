#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/camera_setup.hpp"
#include "vision/cladding.hpp"
#include "vision/foot_evidence.hpp"
#include "vision/groundworks.hpp"
#include "vision/landscape.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// What one frame says about each storey's look, and about the ground.
struct FinishEvidence {
  /// Per storey: relief of windows or open bays; a net has none. Below 0: outside the picture.
  std::vector<double> openings;
  LookSteps steps;
  FootEvidence foot;
};

/// `inside`: 255 where the strip lies inside the picture.
FinishEvidence read_finish(const cv::Mat& strip, const cv::Mat& inside);

/// Log-odds that no net hides the two uppermost planned storeys, from their relief against that of
/// the storeys below the reach of a climbing platform; 0 where nothing has relief.
double open_roof(const FinishEvidence& evidence);

/// What is known of the roof. A building that has grown out of the picture may have one.
enum class Roof { Open, OutOfView, Stands };

/// Follows how the storeys below the top are closed and clad, and turns it into the stage.
class FinishWatch {
 public:
  explicit FinishWatch(const FacadeSetup& setup);

  void see(const FinishEvidence& evidence, int storeys, Roof roof);
  Stage stage(int storeys, bool topped_out) const;
  /// Before the first storey: the concrete that it comes on.
  bool has_base() const { return groundworks_.stage() == Stage::Foundation; }
  std::vector<StoreyState> bands(int storeys, double top) const;

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  void see_nets(const std::vector<double>& openings, Roof roof);
  double bared_share() const;
  bool front_is_finished() const;
  bool shows_edge_again() const;
  bool is_clad(int storey) const;
  Stage finish_stage() const;

  FacadeSetup setup_;
  std::vector<double> bared_;   ///< per storey: running vote that its net has come off
  std::vector<double> netted_;  ///< per storey: running vote that a net hangs before it
  /// Per storey: 1 when a net hung before it at the end, less for each time it seemed to be gone
  /// at once.
  std::vector<double> was_netted_;
  int seen_up_to_;  ///< storeys from the ground to the last that the picture shows
  CladdingWatch cladding_;
  GroundworksWatch groundworks_;
  LandscapeWatch landscape_;
  int finished_ = 0;  ///< frames running that show all of the front finished
  /// Furthest: stages move forward only, but for a front that was not finished yet.
  Stage reached_ = Stage::SiteClearing;
};

}  // namespace jieding::vision
