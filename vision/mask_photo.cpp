#include "vision/mask_photo.hpp"

#include <algorithm>

#include "vision/camera_setup.hpp"
#include "vision/decode.hpp"
#include "vision/privacy_mask.hpp"
#include "vision/shrink.hpp"

namespace jieding::vision {
namespace {

constexpr int longest_side_px = 1600, shortest_side_px = 64;
constexpr int quality = 82;

cv::Mat fitted(const cv::Mat& photo) {
  const int longest = std::max(photo.cols, photo.rows);
  if (longest <= longest_side_px) return photo;
  const double scale = double{longest_side_px} / longest;
  return shrunk(
      photo, {std::max(1, cvRound(photo.cols * scale)), std::max(1, cvRound(photo.rows * scale))});
}

/// No camera's: nothing of it has a place on the site.
CameraSetup setup_for(const cv::Mat& photo) {
  CameraSetup setup;
  setup.width_px = photo.cols;
  setup.height_px = photo.rows;
  setup.outside_hidden = false;
  return setup;
}

}  // namespace

Result<std::string> mask_photo(std::string_view jpeg, const FindPeople& find_people) {
  const auto decoded = decode_jpeg(jpeg);
  if (!decoded) return decoded.error();
  cv::Mat photo = fitted(*decoded);
  if (std::min(photo.cols, photo.rows) < shortest_side_px)
    return Error(Fault::Invalid, "too_small: nothing can be seen in it");
  const PrivacyMask mask(setup_for(photo), photo.size(), 1.0);
  mask.burn(photo, PrivacyMask::unmoved, find_people(photo, mask.shown()));
  return encode_jpeg(photo, quality);
}

}  // namespace jieding::vision
