#pragma once
// Strips of a facade drawn in plain colours, as high as twelve planned storeys ask for.

#include <opencv2/core.hpp>

#include "vision/strip.hpp"

namespace jieding::vision {

inline constexpr int planned = 12;
inline constexpr int rows = (planned + storeys_above_roof) * rows_per_storey;

/// Some columns between two heights in storeys.
inline cv::Rect part(int from_column, int to_column, double from, double to) {
  const int first = static_cast<int>(from * rows_per_storey);
  const int last = static_cast<int>(to * rows_per_storey);
  return {from_column, first, to_column - from_column, last - first};
}

/// The facade's own columns.
inline cv::Rect front(double from, double to) {
  return part(side_columns, side_columns + facade_columns, from, to);
}

/// Shown up to a height, as where the picture ends there.
inline cv::Mat shown_up_to(double storeys) {
  cv::Mat shown = cv::Mat::zeros(rows, strip_columns, CV_8U);
  shown(part(0, strip_columns, 0, storeys)).setTo(255);
  return shown;
}

inline const cv::Mat whole = shown_up_to(planned + storeys_above_roof);

/// The row of the strip at a height in storeys.
inline std::size_t row_at(int storeys) {
  return static_cast<std::size_t>(storeys) * rows_per_storey;
}

}  // namespace jieding::vision
