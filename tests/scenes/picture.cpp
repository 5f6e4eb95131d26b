#include <opencv2/imgproc.hpp>

#include "tests/scenes/shading.hpp"

namespace jieding::scenes {
namespace {

/// Where the samples of a pixel's four rows lie: no two in one column.
const std::vector<double> sample_columns{0.375, 0.875, 0.125, 0.625};

cv::Vec3f stored(Vec c) {
  return {static_cast<float>(c.z), static_cast<float>(c.y), static_cast<float>(c.x)};
}

/// The sky is smooth: a quarter of the resolution is enough.
cv::Mat sky_picture(const Lens& lens, const Light& light) {
  constexpr int step = 4;
  cv::Mat small(lens.height() / step, lens.width() / step, CV_32FC3);
  for (int y = 0; y < small.rows; ++y) {
    for (int x = 0; x < small.cols; ++x) {
      const Vec direction = normalized(lens.ray((x + 0.5) * step, (y + 0.5) * step));
      const Vec sky =
          mix(sky_colour(light, direction), light.horizon, 1 - std::exp(-light.haze * 700));
      small.at<cv::Vec3f>(y, x) = stored(sky);
    }
  }
  cv::Mat sky;
  cv::resize(small, sky, {lens.width(), lens.height()}, 0, 0, cv::INTER_LINEAR);
  return sky;
}

/// Colours the samples of one picture.
class Resolver {
 public:
  Resolver(const Mesh& mesh, const Lens& lens, const Shader& shader)
      : mesh_(mesh),
        lens_(lens),
        shader_(shader),
        solid_(lens.width(), lens.height(), sample_columns),
        nets_(lens.width(), lens.height(), sample_columns) {
    draw(solid_, lens, mesh.faces(), false);
    draw(nets_, lens, mesh.faces(), true);
  }

  void colour(cv::Mat& picture) const {
    for (int y = 0; y < picture.rows; ++y) {
      auto* pixels = picture.ptr<cv::Vec3f>(y);
      for (int x = 0; x < picture.cols; ++x)
        pixels[x] = pixel(x, y, pixels[x]);
    }
  }

 private:
  cv::Vec3f pixel(int x, int y, cv::Vec3f sky_behind) const {
    const Vec sky{static_cast<double>(sky_behind[2]), static_cast<double>(sky_behind[1]),
                  static_cast<double>(sky_behind[0])};
    std::uint32_t last_solid = nothing, last_net = nothing;
    Vec last = sky, sum;
    for (int k = 0; k < 4; ++k) {
      const int row = 4 * y + k;
      const std::size_t at = solid_.index(row, x);
      const std::uint32_t solid = solid_.face[at];
      const bool net_in_front = nets_.nearness[at] > solid_.nearness[at];
      const std::uint32_t net = net_in_front ? nets_.face[at] : nothing;
      if (solid != last_solid || net != last_net) {
        const double px = x + sample_columns[static_cast<std::size_t>(k)], py = y + (k + 0.5) / 4;
        last = sample(solid, net, at, lens_.ray(px, py), sky);
        last_solid = solid;
        last_net = net;
      }
      sum += last;
    }
    return stored(sum * 0.25);
  }

  Vec sample(std::uint32_t solid, std::uint32_t net, std::size_t at, Vec ray, Vec sky) const {
    Vec seen = sky;
    const double stretch = length(ray);
    if (solid != nothing) seen = surface(solid, solid_.nearness[at], ray, stretch);
    if (net == nothing) return seen;
    const Face& face = mesh_.faces()[net];
    const Vec point = lens_.eye() + ray * (1 / static_cast<double>(nets_.nearness[at]));
    return mix(seen, surface(net, nets_.nearness[at], ray, stretch),
               shader_.net_density(face, point));
  }

  Vec surface(std::uint32_t id, float nearness, Vec ray, double stretch) const {
    const double depth = 1 / static_cast<double>(nearness);
    const Vec point = lens_.eye() + ray * depth;
    const double away = depth * stretch;
    return shader_.through_air(shader_.colour(mesh_.faces()[id], point, away), point, away);
  }

  const Mesh& mesh_;
  const Lens& lens_;
  const Shader& shader_;
  Visible solid_, nets_;
};

}  // namespace

cv::Mat light_on_picture(const Mesh& mesh, const Lens& lens, const Light& light,
                         double scene_radius) {
  std::optional<Shadows> shadows;
  if (light.sun.y > 0) shadows.emplace(mesh.faces(), light.to_sun, Vec{0, 5, 0}, scene_radius);
  const Shader shader(light, shadows ? &*shadows : nullptr, lens.eye(), 1 / lens.focal());
  cv::Mat picture = sky_picture(lens, light);
  Resolver(mesh, lens, shader).colour(picture);
  return picture;
}

}  // namespace jieding::scenes
