#include "tests/scenes/shading.hpp"

#include "tests/scenes/noise.hpp"

namespace jieding::scenes {
namespace {

std::int64_t cell(double x) {
  return static_cast<std::int64_t>(std::floor(x));
}

/// How much of a footprint `width` wide round `x` lies between `low` and `high`, all within one
/// period of 1.
double covered(double x, double low, double high, double width) {
  const double phase = x - std::floor(x);
  const double half = std::max(1e-3, width / 2);
  const auto below = [&](double edge) {
    return std::clamp((edge - phase + half) / (2 * half), 0.0, 1.0);
  };
  return below(high) - below(low);
}

bool is_ground(Surface surface) {
  return surface == Surface::Soil || surface == Surface::Grass || surface == Surface::Paving;
}

constexpr int shadow_side = 1536;

}  // namespace

Shadows::Shadows(const std::vector<Face>& faces, Vec to_sun, Vec centre, double radius)
    : to_sun_(to_sun),
      across_(normalized(cross({0, 0, 1}, to_sun))),
      up_(cross(to_sun, across_)),
      centre_(centre),
      scale_(shadow_side / (2 * radius)),
      nearest_(shadow_side, shadow_side, {0.5}) {
  for (const Face& face : faces) {
    if (is_ground(face.paint.surface) || face.paint.surface == Surface::Hill) continue;
    std::array<Corner, 4> corners;
    for (std::size_t i = 0; i < 4; ++i)
      corners[i] = seen(face.corners[i]);
    fill(nearest_, corners.data(), 4, 0);
  }
}

Corner Shadows::seen(Vec point) const {
  const Vec d = point - centre_;
  return {dot(d, across_) * scale_ + shadow_side / 2.0, dot(d, up_) * scale_ + shadow_side / 2.0,
          dot(d, to_sun_) + 2000};
}

double Shadows::lit(Vec point) const {
  const Corner here = seen(point);
  double sum = 0;
  for (const double dx : {-0.6, 0.6}) {
    for (const double dy : {-0.6, 0.6}) {
      const int x = static_cast<int>(here.x + dx), y = static_cast<int>(here.y + dy);
      const bool inside = x >= 0 && y >= 0 && x < shadow_side && y < shadow_side;
      const double stands =
          inside ? static_cast<double>(nearest_.nearness[nearest_.index(y, x)]) : 0;
      sum += stands > here.nearness + 0.35 ? 0 : 0.25;
    }
  }
  return sum;
}

Vec sky_colour(const Light& light, Vec d) {
  const double up = std::max(0.0, d.z);
  Vec sky = mix(light.horizon, light.zenith, std::pow(std::min(1.0, up * 1.25), 0.55));
  if (light.sun.y > 0) {
    const double near_sun = std::max(0.0, dot(d, light.to_sun));
    sky += light.sun * (0.22 * std::pow(near_sun, 12) + 1.2 * std::pow(near_sun, 300));
  }
  if (light.cloud_cover <= 0 || d.z < 0.005) return sky;
  const double reach = 1.6 / (d.z + 0.08);
  const double x = d.x * reach + light.cloud_drift.x, y = d.y * reach + light.cloud_drift.y;
  const double lumps = rough_noise(x, y, 5);
  if (light.cloud_cover >= 1)  // a closed cover: lighter and darker waves
    return sky * (1 + light.cloud_contrast * 0.9 * (lumps - 0.5));
  const double cloud = ramp(0.78 - 0.5 * light.cloud_cover, 0.92 - 0.42 * light.cloud_cover, lumps);
  const double body = rough_noise(x + 0.25, y + 0.25, 3);
  const Vec bright = light.horizon * 0.85 + light.sun * 0.17;
  const Vec white = mix(bright, light.zenith * 0.7 + light.horizon * 0.3, ramp(0.4, 0.8, body));
  return mix(sky, white, cloud * ramp(0.005, 0.06, d.z) * light.cloud_contrast);
}

Vec Shader::windows(const Face& face, double u, double v, double away) const {
  const Paint& paint = face.paint;
  if (std::abs(face.normal.z) > 0.5) return paint.colour;
  const double foot = pixel_angle_ * away;
  const double x = u / paint.pitch_x, y = v / paint.pitch_y;
  const double pane =
      covered(x, 0.28, 0.72, foot / paint.pitch_x) * covered(y, 0.32, 0.78, foot / paint.pitch_y);
  const double edge = covered(y, 0, 0.06, foot / paint.pitch_y);
  const double dark = 0.5 + 0.9 * cell_number(cell(x), cell(y), 5);
  const Vec glass = painted(0x55656e) * dark + light_.horizon * 0.03;
  return mix(paint.colour * (1 - 0.25 * edge), glass, pane);
}

/// Light from within: windows and lamps at night.
Vec Shader::glow(const Face& face, double u, double v) const {
  if (face.paint.surface == Surface::Lamp) return face.paint.colour;
  if (!light_.lamps_on || face.paint.surface != Surface::Windows) return {};
  if (std::abs(face.normal.z) > 0.5) return {};
  const double x = u / face.paint.pitch_x, y = v / face.paint.pitch_y;
  const double lit = cell_number(cell(x), cell(y), 11);
  if (lit > 0.22) return {};
  const double pane = covered(x, 0.28, 0.72, 0.05) * covered(y, 0.32, 0.78, 0.05);
  return Vec{0.5, 0.38, 0.2} * (pane * (0.3 + 3 * lit));
}

/// How many octaves of a noise a pixel can show that looks at something `away` metres off.
int Shader::octaves(double frequency, double away) const {
  const double finest = 0.5 / (frequency * pixel_angle_ * away + 1e-9);
  return finest > 32 ? 6 : finest > 16 ? 5 : finest > 8 ? 4 : finest > 4 ? 3 : finest > 2 ? 2 : 1;
}

Vec Shader::own_colour(const Face& face, Vec point, double u, double v, double away) const {
  const Vec c = face.paint.colour;
  switch (face.paint.surface) {
    case Surface::Concrete:
      return c * (0.78 + 0.44 * rough_noise(u * 0.5 + face.corners[0].z, v * 0.35, 2));
    case Surface::Masonry:
      return c * (0.82 + 0.2 * noise(u * 0.8, v * 0.8 + face.corners[0].z) +
                  0.16 * cell_number(cell(u / 0.6), cell((v + face.corners[0].z) / 0.3)));
    case Surface::Windows:
      return windows(face, u, v, away);
    case Surface::Net:
      return c * (0.8 + 0.25 * noise(u * 0.9, v * 0.35) + 0.15 * noise(u * 4, v * 4));
    case Surface::Soil: {
      const double lumps = rough_noise(point.x * 0.12, point.y * 0.12, octaves(0.12, away));
      return c * (1 + face.paint.density * (lumps - 0.5) * 2) * (light_.wet > 0 ? 0.6 : 1.0);
    }
    case Surface::Grass:
      return c * (0.5 + rough_noise(point.x * 0.07, point.y * 0.07, octaves(0.07, away)));
    case Surface::Paving:
      return c * (0.9 + 0.2 * noise(point.x * 0.4, point.y * 0.4)) * (light_.wet > 0 ? 0.55 : 1.0);
    case Surface::Timber:
      return c * (0.75 + 0.5 * cell_number(cell(u / 0.9), cell(v / 1.8), 3));
    case Surface::Leaf:
    case Surface::Hill:
      return c * (0.55 + 0.9 * rough_noise(u * 0.9, v * 0.9, 2));
    case Surface::Glass:
      return c * (0.7 + 0.6 * cell_number(cell(face.corners[0].x), cell(face.corners[0].z), 9));
    case Surface::Plain:
    case Surface::Lamp:
      break;
  }
  return c;
}

double Shader::snow(const Face& face, Vec point, double facing_up) const {
  if (light_.snow_cover <= 0) return 0;
  double share = ramp(0.5, 0.8, facing_up);
  if (face.paint.surface == Surface::Leaf || face.paint.surface == Surface::Hill) share = 0.55;
  const double patches = rough_noise(point.x * 0.3, point.y * 0.3, 3);
  return share * light_.snow_cover *
         ramp(0.9 - 1.2 * light_.snow_cover, 1.5 - 1.2 * light_.snow_cover, patches);
}

Vec Shader::lamplight(Vec point, Vec normal) const {
  Vec sum;
  for (const Lamp& lamp : light_.lamps) {
    const Vec d = lamp.at - point;
    const double square = dot(d, d);
    const double facing = std::max(0.0, dot(normal, d)) / std::sqrt(square + 1e-6);
    sum += lamp.colour * ((facing + 0.08) / (square + 9));
  }
  return sum;
}

Vec Shader::colour(const Face& face, Vec point, double away) const {
  const Vec to_eye = eye_ - point;
  const Vec normal = dot(face.normal, to_eye) < 0 ? -face.normal : face.normal;
  const Vec local = point - face.corners[0];
  const double u = dot(local, face.along), v = dot(local, face.up);
  Vec own = own_colour(face, point, u, v, away);
  own = mix(own, {0.86, 0.88, 0.92}, snow(face, point, normal.z));

  Vec light = mix(light_.ground, mix(light_.horizon, light_.zenith, 0.5), 0.5 + 0.5 * normal.z) *
              face.paint.ambient;
  double sunny = dot(normal, light_.to_sun);
  if (face.paint.surface == Surface::Net && sunny < 0) sunny *= -0.45;  // shines through
  if (face.paint.surface == Surface::Leaf) sunny = 0.5;
  if (light_.sun.y > 0 && sunny > 0) {
    double reaches = shadows_ != nullptr ? shadows_->lit(point + normal * 0.2) : 1;
    if (light_.cloud_shadow > 0)
      reaches *= 1 - 0.75 * ramp(0.45, 0.65,
                                 light_.cloud_shadow *
                                     noise(point.x / 70 + light_.cloud_drift.x,
                                           (point.y + point.z) / 70 + light_.cloud_drift.y) *
                                     1.3);
    light += light_.sun * (sunny * reaches);
  }
  if (!light_.lamps.empty()) light += lamplight(point, normal);
  Vec seen = own * light;
  if (face.paint.surface == Surface::Glass) seen = seen * 0.7 + light_.horizon * 0.12;
  return seen + glow(face, u, v);
}

double Shader::net_density(const Face& face, Vec point) const {
  const Vec local = point - face.corners[0];
  const double weave = noise(dot(local, face.along) * 5, dot(local, face.up) * 5);
  return std::clamp(face.paint.density + 0.2 * (weave - 0.5), 0.0, 1.0);
}

Vec Shader::through_air(Vec colour, Vec point, double away) const {
  if (light_.haze * away < 1e-4) return colour;
  const double low = light_.low_mist * std::exp(-std::max(0.0, point.z) / 12);
  const double kept = std::exp(-(light_.haze + low) * away);
  Vec air = light_.horizon;
  for (const Lamp& lamp : light_.lamps)  // lamps light the air about them
    air += lamp.colour * (0.3 * light_.haze / (dot(lamp.at - point, lamp.at - point) + 30));
  return mix(air, colour, kept);
}

}  // namespace jieding::scenes
