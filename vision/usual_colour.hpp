#pragma once

#include <array>
#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "vision/at_share.hpp"

namespace jieding::vision {

/// Collects pixels for their median, channel by channel.
class UsualColour {
 public:
  /// `expected`: pixels to make room for.
  explicit UsualColour(std::size_t expected = 0) {
    for (auto& channel : channels_)
      channel.reserve(expected);
  }

  void add(const cv::Vec3b& pixel) {
    for (std::size_t c = 0; c < 3; ++c)
      channels_[c].push_back(pixel[static_cast<int>(c)]);
  }
  std::size_t count() const { return channels_[0].size(); }
  /// Of at least one pixel.
  cv::Vec3f median() const {
    cv::Vec3f out;
    for (std::size_t c = 0; c < 3; ++c)
      out[static_cast<int>(c)] = vision::median(channels_[c]);
    return out;
  }

 private:
  std::array<std::vector<uchar>, 3> channels_;
};

}  // namespace jieding::vision
