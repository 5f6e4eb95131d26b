#pragma once

#include <opencv2/core.hpp>

#include "tests/scenes/lens.hpp"
#include "tests/scenes/light.hpp"
#include "tests/scenes/mesh.hpp"
#include "tests/scenes/raster.hpp"

namespace jieding::scenes {

/// Where the sun does not reach: what is nearest to it, seen from it.
class Shadows {
 public:
  Shadows(const std::vector<Face>& faces, Vec to_sun, Vec centre, double radius);
  /// The share of the sun that reaches a point: 0..1.
  double lit(Vec point) const;

 private:
  Corner seen(Vec point) const;

  Vec to_sun_, across_, up_, centre_;
  double scale_;
  Visible nearest_;
};

/// The colour of a surface in a given light, before the air between it and the lens.
class Shader {
 public:
  Shader(const Light& light, const Shadows* shadows, Vec eye, double pixel_angle)
      : light_(light), shadows_(shadows), eye_(eye), pixel_angle_(pixel_angle) {}

  /// `point` on `face`, `away` metres from the eye.
  Vec colour(const Face& face, Vec point, double away) const;
  /// How much a net hides of what is behind it at `point`.
  double net_density(const Face& face, Vec point) const;
  /// What the air makes of a colour that lies `away` metres in `direction`.
  Vec through_air(Vec colour, Vec point, double away) const;

 private:
  Vec own_colour(const Face& face, Vec point, double u, double v, double away) const;
  int octaves(double frequency, double away) const;
  Vec windows(const Face& face, double u, double v, double away) const;
  Vec glow(const Face& face, double u, double v) const;
  double snow(const Face& face, Vec point, double facing_up) const;
  Vec lamplight(Vec point, Vec normal) const;

  const Light& light_;
  const Shadows* shadows_;
  Vec eye_;
  double pixel_angle_;
};

/// The radiance of the sky in a direction.
Vec sky_colour(const Light& light, Vec direction);

/// The picture as light, before the lens and the sensor: CV_32FC3, blue first.
cv::Mat light_on_picture(const Mesh& mesh, const Lens& lens, const Light& light,
                         double scene_radius);

}  // namespace jieding::scenes
