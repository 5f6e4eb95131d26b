#pragma once

#include <deque>
#include <opencv2/core.hpp>

#include "vision/facade.hpp"
#include "vision/state_blob.hpp"

namespace jieding::vision {

/// How much a picture is a witness of its own. Pictures minutes apart repeat each other, errors
/// included; a thousand of them are no thousand witnesses. Told from the pictures alone, no clock
/// is asked. Remembers the last distinct ones, so coarsely that nobody can be seen in them.
class Witnesses {
 public:
  explicit Witnesses(const Facade& facade);

  /// 0 for a picture that only repeats one of those, but for noise, up to 1 for a new one.
  double take(const cv::Mat& strip);

  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

 private:
  cv::Size cells_;
  std::deque<cv::Mat> seen_;  ///< CV_8U, the newest last
};

}  // namespace jieding::vision
