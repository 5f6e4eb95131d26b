#pragma once
// What cameras saw: where each stands, the estimator's own state, and the history of estimates.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/fusion.hpp"
#include "gateway/domain/milestone.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/runtime/intake.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// One point of a building's history.
struct EstimatePoint {
  std::string camera;             ///< whose picture it is
  Instant at;                     ///< when the picture was taken
  BuildingEstimate estimate;      ///< all cameras together
  bool disagree = false;          ///< the cameras exclude each other
  std::vector<CameraWord> words;  ///< newest of each camera; not in the history
  bool usable = false;            ///< false: the picture was refused, the estimate is carried on
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

/// A building in one of its pictures.
struct BuildingPicture {
  std::string picture;  ///< SHA-256 of the masked picture
  std::string overlay;  ///< SHA-256; empty: none
  Instant taken;
};

/// Free functions on journal, in the caller's transaction.
namespace frame_log {

/// One frame of a camera, with the cameras whose words count: who was taken down has no say.
struct SeenFrame {
  const std::string& camera;
  const std::string& name;
  Instant taken;
  const FrameReport& report;
  const FramePictures& pictures;
  const std::vector<std::string>& cameras;
};

/// Cursor, estimator state, answer, one history row per building and, for a usable frame, the state
/// lane. Gives what is known of its buildings now.
Result<std::vector<EstimatePoint>> record(Database& database, const SeenFrame& frame);
Result<std::vector<CameraCursor>> cursors(Database& database);
/// What a frame came to, if it is one of the camera's last few.
Result<std::optional<FrameAccepted>> answer(Database& database, const std::string& camera,
                                            const std::string& frame);
/// SHA-256 of the last good masked picture by this camera before `at` in which a milestone was not
/// reached yet; empty: there is none.
Result<std::string> picture_before(Database& database, const std::string& camera,
                                   const MilestoneKey& milestone, Instant at);
/// The newest good picture of a building that was taken by an instant; none: there is none.
Result<std::optional<BuildingPicture>> newest_picture(Database& database,
                                                      const std::string& building, Instant by);
/// The newest estimate of every building, with the words of `cameras`.
Result<std::vector<EstimatePoint>> latest(Database& database,
                                          const std::vector<std::string>& cameras);
/// Oldest first, thinned to at most `max_points`; first and last are always there.
Result<std::vector<EstimatePoint>> history(Database& database, const std::string& building,
                                           std::size_t max_points);
/// The last good picture's point of each day on the site, oldest first. A day without a good
/// picture has none: nothing new was seen.
Result<std::vector<EstimatePoint>> history_by_day(Database& database, const std::string& building);

}  // namespace frame_log
}  // namespace jieding::sync
