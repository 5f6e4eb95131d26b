#include "tests/scenes/raster.hpp"

namespace jieding::scenes {
namespace {

constexpr double near_plane = 0.5;  // metres
constexpr std::size_t most_corners = 6;

/// The part of a polygon beyond the near plane.
std::size_t clipped(const std::array<Vec, 4>& in, std::array<Vec, most_corners>& out) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Vec here = in[i], next = in[(i + 1) % in.size()];
    const bool inside = here.z >= near_plane, next_inside = next.z >= near_plane;
    if (inside) out[count++] = here;
    if (inside != next_inside)
      out[count++] = here + (next - here) * ((near_plane - here.z) / (next.z - here.z));
  }
  return count;
}

/// nearness = at + x * by_x + y * by_y over the picture.
struct Slope {
  double at = 0, by_x = 0, by_y = 0;
};

Slope slope_of(const Corner* corners, std::size_t count, bool& degenerate) {
  double nx = 0, ny = 0, nz = 0;  // Newell's normal holds for repeated corners, too
  for (std::size_t i = 0; i < count; ++i) {
    const Corner& a = corners[i];
    const Corner& b = corners[(i + 1) % count];
    nx += (a.y - b.y) * (a.nearness + b.nearness);
    ny += (a.nearness - b.nearness) * (a.x + b.x);
    nz += (a.x - b.x) * (a.y + b.y);
  }
  degenerate = std::abs(nz) < 1e-9;
  if (degenerate) return {};
  Slope slope{0, -nx / nz, -ny / nz};
  for (std::size_t i = 0; i < count; ++i)
    slope.at += corners[i].nearness - corners[i].x * slope.by_x - corners[i].y * slope.by_y;
  slope.at /= static_cast<double>(count);
  return slope;
}

void span(float* nearness, std::uint32_t* face, int count, float start, float step,
          std::uint32_t id) {
  for (int i = 0; i < count; ++i) {
    const float here = start + step * static_cast<float>(i);
    const bool nearer = here > nearness[i];
    nearness[i] = nearer ? here : nearness[i];
    face[i] = nearer ? id : face[i];
  }
}

bool faces_away(const Face& face, Vec eye) {
  return face.one_sided && dot(face.normal, eye - face.corners[0]) <= 0;
}

}  // namespace

Visible::Visible(int columns, int height, std::vector<double> row_offsets)
    : width(columns),
      rows(height * static_cast<int>(row_offsets.size())),
      offsets(std::move(row_offsets)),
      nearness(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows), 0.0F),
      face(nearness.size(), nothing) {}

void fill(Visible& visible, const Corner* corners, std::size_t count, std::uint32_t id) {
  const auto per_pixel = static_cast<double>(visible.offsets.size());
  double top = corners[0].y, bottom = top;
  for (std::size_t i = 1; i < count; ++i) {
    top = std::min(top, corners[i].y);
    bottom = std::max(bottom, corners[i].y);
  }
  const double first = std::max(0.0, std::ceil(top * per_pixel - 0.5));
  const double last = std::min(visible.rows - 1.0, std::ceil(bottom * per_pixel - 0.5) - 1);
  if (!(first <= last)) return;
  bool degenerate = false;
  const Slope slope = slope_of(corners, count, degenerate);
  if (degenerate) return;
  for (int row = static_cast<int>(first); row <= static_cast<int>(last); ++row) {
    const double y = (row + 0.5) / per_pixel;
    double left = 1e30, right = -1e30;
    for (std::size_t i = 0; i < count; ++i) {
      const Corner& a = corners[i];
      const Corner& b = corners[i + 1 == count ? 0 : i + 1];
      if ((a.y <= y) == (b.y <= y)) continue;
      const double x = a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y));
      left = std::min(left, x);
      right = std::max(right, x);
    }
    const double offset = visible.offsets[static_cast<std::size_t>(row) % visible.offsets.size()];
    const double from = std::max(0.0, std::ceil(left - offset));
    const double to = std::min(visible.width - 1.0, std::ceil(right - offset) - 1);
    if (!(from <= to)) continue;
    const int start = static_cast<int>(from);
    const double nearness = slope.at + slope.by_x * (start + offset) + slope.by_y * y;
    const std::size_t at = visible.index(row, start);
    span(&visible.nearness[at], &visible.face[at], static_cast<int>(to) - start + 1,
         static_cast<float>(nearness), static_cast<float>(slope.by_x), id);
  }
}

void draw(Visible& visible, const Lens& lens, const std::vector<Face>& faces, bool nets) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const Face& face = faces[i];
    if ((face.paint.surface == Surface::Net) != nets || faces_away(face, lens.eye())) continue;
    std::array<Vec, 4> seen;
    for (std::size_t k = 0; k < 4; ++k)
      seen[k] = lens.seen(face.corners[k]);
    std::array<Vec, most_corners> kept;
    const std::size_t count = clipped(seen, kept);
    if (count < 3) continue;
    std::array<Corner, most_corners> corners;
    for (std::size_t k = 0; k < count; ++k) {
      const Spot spot = lens.on_picture(kept[k]);
      corners[k] = {spot.x, spot.y, 1 / kept[k].z};
    }
    fill(visible, corners.data(), count, static_cast<std::uint32_t>(i));
  }
}

}  // namespace jieding::scenes
