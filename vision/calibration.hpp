#pragma once
// What `jieding calibrate` asks of the vision process and what it gets back.

#include <optional>
#include <string>
#include <vector>

#include "vision/camera_setup.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

/// One picture in which a part of the building stands, and what people know about it.
struct CalibrationCall {
  std::string jpeg;
  std::string building;
  int storeys = 0;          ///< planned, above ground
  int storeys_visible = 0;  ///< that stand in the picture; 0: not known
  /// The standing part as a person clicked it: ground left, ground right, then where its
  /// `storeys_visible` storeys end, right and left.
  std::optional<Corners> clicks;
  double click_error_px = 1;               ///< standard deviation of a click in x and in y
  std::vector<std::vector<Point>> masks;   ///< burnt into the drawn picture
  std::vector<std::vector<Point>> others;  ///< other buildings' facades: not proposed
  bool operator==(const CalibrationCall&) const = default;
};

/// Errors are standard deviations, in storeys: where the ruler reads v, the truth is v ± error.
struct Calibration {
  std::string refusal;  ///< why there is none; empty: there is one
  Corners corners{};    ///< of the finished building, as the configuration wants them
  double roof_error = 0;
  double middle_error = 0;
  int storeys_found = 0;  ///< that the corners were derived from
  std::vector<std::string> notes;
  int width_px = 0;  ///< of the picture
  int height_px = 0;
  std::string drawn;  ///< JPEG, masks burnt in; with a refusal as well once it could be decoded
  bool operator==(const Calibration&) const = default;
};

namespace wire {

Message to_message(const CalibrationCall& call);
Message to_message(const Calibration& calibration);
Result<CalibrationCall> to_calibration_call(Message message);
Result<Calibration> to_calibration(Message message);

}  // namespace wire
}  // namespace jieding::vision
