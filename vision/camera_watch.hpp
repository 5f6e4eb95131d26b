#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vision/building_watch.hpp"
#include "vision/foot.hpp"
#include "vision/people.hpp"
#include "vision/pool.hpp"
#include "vision/privacy_mask.hpp"
#include "vision/quality_gate.hpp"
#include "vision/registration.hpp"
#include "vision/witnesses.hpp"

namespace jieding::vision {

/// What one picture came to.
struct Look {
  std::vector<std::string> reasons;  ///< why it was refused; empty when it was counted
  std::vector<std::string> faults;   ///< of the camera, although the picture was counted
  std::vector<Measure> measures;     ///< the numbers behind reasons and faults
  std::vector<Proposal> proposals;
};

/// Everything one camera has learned, and the stages of estimating in the order in which a decoded
/// picture passes them: quality gate, registration, evidence, filter. Nothing is drawn here and
/// nothing leaves.
class CameraWatch {
 public:
  /// Without `find_people` nobody is looked for: for measuring what estimating alone costs.
  explicit CameraWatch(const CameraSetup& setup, FindPeople find_people = {});
  CameraWatch(const CameraWatch&) = delete;
  CameraWatch& operator=(const CameraWatch&) = delete;

  /// `picture` has the size of the setup.
  Look see(const cv::Mat& picture, Instant taken);
  std::vector<BuildingEstimate> estimates() const;
  /// What people counted about when the last frame was taken; each count is taken to heart once.
  /// Passed over when the camera has no such building, or it cannot be right.
  void confirm(const ConfirmedCount& count);

  /// Where the reference's ground lies in the last picture, in pixels of the camera.
  Placing placing() const { return lies_.scaled(1 / scale_); }
  /// Who is seen in the last picture, in pixels of the camera.
  const std::vector<cv::Rect>& people() const { return people_; }
  /// The last picture's placing is measured, or it is the first (by night, and by day) and taken to
  /// lie where people marked it: so what is to be hidden in it is known.
  bool placed() const { return placed_; }

  void save(BlobWriter& out) const;
  /// On false the watch is of no more use.
  bool restore(BlobReader& in);

 private:
  cv::Mat covered(const cv::Mat& small, const std::vector<cv::Rect>& people) const;
  Placement find(const cv::Mat& small, const QualityMeasures& measures) const;
  bool place(const Placement& found, Look& look);
  void find_people(const cv::Mat& picture);
  void count(const cv::Mat& small, Instant taken, Look& look);
  void keep(const cv::Mat& small);
  std::vector<double> empty_above() const;  ///< per building, storeys
  void save(const Pool& pool, BlobWriter& out) const;
  bool restore(Pool& pool, BlobReader& in) const;

  const CameraSetup setup_;
  cv::Size size_;
  double scale_;  ///< working pixels per camera pixel
  std::vector<Facade> facades_;
  std::vector<Foot> feet_;  ///< of the facades
  PrivacyMask mask_;        ///< for working pictures
  FindPeople find_people_;
  Pool pool_;
  QualityGate gate_;
  std::vector<Witnesses> witnesses_;  ///< for the facades
  std::vector<BuildingWatch> buildings_;
  Placing placing_, settled_;  ///< of the last frame, and before the last knock; working pixels
  Placing suspected_;          ///< a large knock seen once
  Placing lies_;               ///< of the last picture, be it counted or not
  std::vector<cv::Rect> people_;
  bool placed_ = true;
  bool looked_elsewhere_ = false;  ///< a picture did, or seemed to
  double brightest_ = 0;           ///< luminance of the brightest picture that was counted, mean
  std::uint64_t last_ = 0;         ///< fingerprint of the frame before
};

}  // namespace jieding::vision
