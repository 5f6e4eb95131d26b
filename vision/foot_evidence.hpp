#pragma once

namespace jieding::vision {

/// What one frame shows at the foot of a building and around it. Compared inside one picture, with
/// the ground beside the building, by differences of colour: haze makes them small but does not
/// turn them.
struct FootEvidence {
  bool known = false;     ///< there is ground to compare with
  bool changed = false;   ///< earlier pictures do not explain what lies where the building comes
  bool coloured = false;  ///< it has the colour of soil, so that concrete can be told from it
  double dark = 0;        ///< share of the building's ground that lies in the dark of a pit
  double grey = 0;        ///< share of it that is greyer than the soil beside, but not dark
  double green = 0;       ///< share of the ground around the building that is green
  double soil = 0;        ///< share of it that has the colour of soil
};

}  // namespace jieding::vision
