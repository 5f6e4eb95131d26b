#pragma once
// What cameras saw: where each stands, the estimator's own state, and the history of estimates.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/observation.hpp"
#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// One point of a building's history.
struct EstimatePoint {
  std::string camera;
  Instant at;  ///< when the picture was taken
  BuildingEstimate estimate;
  bool usable = false;  ///< false: the picture was refused, the estimate is carried on
  std::vector<std::string> reasons;
  std::string picture;  ///< SHA-256 of the masked picture; empty: none
  std::string overlay;  ///< SHA-256; empty: none
};

/// Where a camera stands.
struct CameraCursor {
  std::string camera;
  std::string frame;  ///< name of the last committed frame
  Instant taken;
  std::string state;  ///< the estimator's, opaque
};

/// Hashes of one frame's pictures, by what they show.
struct FramePictures {
  std::string masked;                           ///< empty: none
  std::map<std::string, std::string> overlays;  ///< by building
};

/// Free functions on journal, in the caller's transaction.
namespace frame_log {

/// Cursor, estimator state, one history row per building and, for a usable frame, the state lane.
Result<void> record(Database& database, const std::string& camera, const std::string& frame,
                    Instant taken, const FrameReport& report, const FramePictures& pictures);
Result<std::vector<CameraCursor>> cursors(Database& database);
/// The newest estimate of every building.
Result<std::vector<EstimatePoint>> latest(Database& database);
/// Oldest first, thinned to at most `max_points`; first and last are always there.
Result<std::vector<EstimatePoint>> history(Database& database, const std::string& building,
                                           std::size_t max_points);

}  // namespace frame_log
}  // namespace jieding::sync
