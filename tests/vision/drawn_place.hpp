#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace jieding::vision {

/// A place by day, of its own for every seed: things large and small all over the picture.
cv::Mat drawn_place(cv::Size size, std::uint64_t seed);

}  // namespace jieding::vision
