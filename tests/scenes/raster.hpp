#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/scenes/lens.hpp"
#include "tests/scenes/mesh.hpp"

namespace jieding::scenes {

constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

/// Which face each sample sees, and how near it is. Rows are `rows_per_pixel` times as many as
/// those of the picture; each of a pixel's rows has a place of its own within the pixel, so that
/// near-vertical and near-horizontal edges get as many steps as there are samples.
struct Visible {
  Visible(int width, int height, std::vector<double> offsets);

  std::size_t index(int row, int x) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }

  int width, rows;
  std::vector<double> offsets;  // x of the sample within its pixel, by row
  std::vector<float> nearness;  // the larger the nearer; 0 is infinitely far
  std::vector<std::uint32_t> face;
};

/// A corner on the picture: pixels, and a nearness that is linear over the picture.
struct Corner {
  double x, y, nearness;
};

/// Fills a convex polygon where it is nearer than what is there.
void fill(Visible& visible, const Corner* corners, std::size_t count, std::uint32_t face);

/// Draws the faces that `lens` sees; `wanted` says which of the two layers a face belongs to.
void draw(Visible& visible, const Lens& lens, const std::vector<Face>& faces, bool nets);

}  // namespace jieding::scenes
