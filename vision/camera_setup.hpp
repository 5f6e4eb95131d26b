#pragma once

#include <string>
#include <vector>

#include "gateway/domain/camera_view.hpp"

namespace jieding::vision {

/// What hangs around the building while it rises; it decides how far the top edge runs ahead of
/// the last cast slab. Travels as a number: never renumber.
enum class Scaffold { Unknown = 0, Climbing = 1, Wrapped = 2, None = 3 };

/// The same point of the scene in a picture of `scale` times as many pixels a side: their centres
/// lie at whole numbers, so scaling goes about the picture's corner at -0.5.
inline Point at_scale(Point p, double scale) {
  return {(p.x + 0.5) * scale - 0.5, (p.y + 0.5) * scale - 0.5};
}

/// One building as one camera sees it.
struct FacadeSetup {
  std::string building;
  std::string name;  ///< of the building, for people; nothing is estimated or kept by it
  int storeys = 0;   ///< planned, above ground
  double storey_height_m = 2.9;
  Scaffold scaffold = Scaffold::Unknown;
  int storeys_at_start = 0;  ///< what stood when the camera came
  Corners corners{};
  bool operator==(const FacadeSetup&) const = default;
};

/// All that vision has to know about one camera.
struct CameraSetup {
  std::string id;
  int width_px = 0;
  int height_px = 0;
  std::vector<std::vector<Point>> masks;  ///< privacy polygons, pixels of the reference picture
  bool outside_hidden = true;  ///< what is not near a facade leaves the process as a mosaic only
  /// Pictures for people are drawn and encoded, and whoever is seen in them is hidden. Without this
  /// only the estimates are wanted.
  bool publishes = true;
  std::vector<FacadeSetup> facades;
  bool operator==(const CameraSetup&) const = default;
};

/// Why a camera cannot be looked after, in one line, and what to do; empty: it can. What the file
/// and the page accept has no fault.
std::string fault_of(const CameraSetup& setup);

}  // namespace jieding::vision
