#pragma once

#include <vector>

#include "gateway/domain/observation.hpp"
#include "vision/beyond_plan.hpp"
#include "vision/finish.hpp"
#include "vision/grounds.hpp"
#include "vision/leap_watch.hpp"
#include "vision/pace.hpp"
#include "vision/roof_watch.hpp"
#include "vision/row_evidence.hpp"
#include "vision/state_blob.hpp"
#include "vision/storey_filter.hpp"

namespace jieding::vision {

class Facade;

/// Follows one building over the frames: the filter's belief becomes the figure that is shown,
/// which steps back only when it is sure, and proposals, each made once.
class BuildingWatch {
 public:
  BuildingWatch(const FacadeSetup& setup, const Facade& facade);

  void see(RowEvidence rows, const FinishEvidence& finish, Instant taken,
           std::vector<Proposal>& proposals);
  BuildingEstimate estimate() const;
  int storeys_low() const;  ///< of the estimate
  /// People counted the storeys cast at the time of the last frame. Each count is taken to heart
  /// once: false where it was taken before, or is none that can be.
  bool confirm(const ConfirmedCount& count);

  /// Height above which the last frame showed background, for the pool.
  double empty_above() const { return empty_above_; }

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  /// What one frame shows where nothing is believed to stand.
  enum class Body { None, Stands, Unclear };

  Body body_in(const RowEvidence& rows) const;
  double background_above(const RowEvidence& rows, Body body, bool first) const;
  bool may_have_come_late(const RowEvidence& rows, Body body) const;
  void find_what_stood(Body body);
  bool shows_what_was_told() const;
  std::optional<Measure> beside_the_figure() const;
  void show(const StoreyBelief& belief, bool explained);
  bool has_risen() const;
  bool surely_stands() const;
  void count_risen();
  bool has_grown_out_of_view() const;
  bool is_cast_out_of_view() const;
  Roof roof() const;
  std::vector<Measure> grounds() const;
  void propose(const StoreyBelief& belief, double between, Instant taken,
               std::vector<Proposal>& proposals);
  void propose_roof(const StoreyBelief& belief, Instant taken, std::vector<Proposal>& proposals);

  FacadeSetup setup_;
  StoreyFilter filter_;
  FinishWatch finish_;
  bool roof_in_view_;
  double shown_height_;  ///< storeys up to which the picture shows the facade
  Pace pace_;
  BeyondPlan beyond_plan_;
  LeapWatch leap_;
  RoofWatch roof_;
  StoreyBelief belief_;
  Grounds grounds_;
  int shown_;
  double top_ = 0;  ///< top edge in the last frame, storeys
  double empty_above_ = 0;
  double last_taken_ = 0;           ///< of the last frame, ms since 1970; 0 none
  std::vector<double> first_seen_;  ///< per storey: ms since 1970 when it became likely; 0 never
  /// Per figure: the index of the ledger below which counts of so many storeys have been taken to
  /// heart. An index says when people confirmed, not for which day: a picture may well bring an
  /// earlier one than the picture before did, of another figure.
  std::vector<std::uint64_t> counted_up_to_;
  int cast_said_ = 0;
  bool found_ = false;    ///< what stood when the camera came is told, or seen
  int stood_ = 0;         ///< so many storeys, if nobody told
  int risen_frames_ = 0;  ///< that showed it standing and risen, as far as they count
};

}  // namespace jieding::vision
