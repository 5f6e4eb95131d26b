#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "gateway/domain/result.hpp"
#include "vision/mp4.hpp"

class ISVCEncoder;

namespace jieding::vision {

/// Pictures to H.264 samples, by OpenH264: High profile, 4:2:0, every picture is kept.
class FilmEncoder {
 public:
  /// Even sides.
  static Result<std::unique_ptr<FilmEncoder>> create(cv::Size size, int fps);
  ~FilmEncoder();
  FilmEncoder(const FilmEncoder&) = delete;
  FilmEncoder& operator=(const FilmEncoder&) = delete;

  /// The next sample, entered into `track`. `bgr` has the film's size.
  Result<std::string> encode(const cv::Mat& bgr, Mp4Track& track);

 private:
  FilmEncoder(ISVCEncoder* encoder, cv::Size size, int fps)
      : encoder_(encoder), size_(size), fps_(fps) {}
  ISVCEncoder* encoder_;
  cv::Size size_;
  int fps_;
  long long pictures_ = 0;
};

/// `bgr` scaled into the film with black bars where the shape differs, its date in the lower left
/// corner.
cv::Mat film_frame(const cv::Mat& bgr, cv::Size film, const std::string& date);
/// The corner that the date covers.
cv::Rect date_corner(cv::Size film, const std::string& date);

}  // namespace jieding::vision
