#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "vision/facade.hpp"

namespace jieding::vision {

/// What one picture says against the pool about one facade.
struct Change {
  cv::Mat distance;     ///< strip, CV_32F: residual over its noise, smallest over the best pictures
  cv::Mat known;        ///< strip, CV_8U: 255 where any picture of the pool shows background
  double misfit = 255;  ///< of the best picture, grey levels
};

/// Pictures in which the facades, or their upper parts, were still empty. Each keeps, per facade,
/// the height above which it shows background. Bounded; when full, of the two most alike the one
/// that shows less goes.
class Pool {
 public:
  static constexpr std::size_t usual_capacity = 14;

  struct Picture {
    std::string jpeg;  ///< the pool lives on what it stores, so that a restart changes nothing
    cv::Mat bgr;
    std::vector<double> empty_above;  ///< storeys, per facade
    std::vector<cv::Mat> strips;
  };

  Pool(const std::vector<Facade>& facades, cv::Size size, std::size_t capacity = usual_capacity);

  /// Per facade; with an empty pool nothing is known.
  std::vector<Change> compare(const cv::Mat& bgr) const;
  void add(const cv::Mat& bgr, std::vector<double> empty_above);
  /// For restoring: false when the bytes are not a picture of this camera.
  bool add_stored(std::string jpeg, std::vector<double> empty_above);

  /// The pictures nearest in light, for placing a new one.
  std::vector<cv::Mat> likest(const cv::Mat& bgr, std::size_t count) const;
  const std::vector<Picture>& pictures() const { return pictures_; }
  const std::vector<cv::Point>& surroundings() const { return points_; }
  const cv::Mat& beside() const { return beside_; }

 private:
  void make_room();

  double unlike(const cv::Mat& a, const cv::Mat& b) const;

  const std::vector<Facade>& facades_;
  std::size_t capacity_;
  std::vector<cv::Mat> row_of_;  ///< per facade: the picture row of each strip pixel, 0..1
  std::vector<cv::Point> points_;
  cv::Mat beside_;  ///< 255 beside all buildings
  std::vector<Picture> pictures_;
};

}  // namespace jieding::vision
