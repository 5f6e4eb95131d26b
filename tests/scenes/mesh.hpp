#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tests/scenes/vec.hpp"

namespace jieding::scenes {

/// What a face is made of; shading.cpp knows how each looks.
enum class Surface : std::uint8_t {
  Plain,
  Concrete,
  Masonry,
  Windows,  // a whole wall of a finished building, its windows painted on
  Net,
  Soil,
  Grass,
  Paving,
  Timber,
  Leaf,
  Glass,
  Lamp,  // shines by itself
  Hill,
};

struct Paint {
  Vec colour{0.5, 0.5, 0.5};
  Surface surface = Surface::Plain;
  double ambient = 1;    // the share of the sky that reaches it
  double density = 1;    // nets: how much of what is behind they hide
  double pitch_x = 3.5;  // windows: one each so many metres
  double pitch_y = 3;
};

/// A flat convex face; a triangle repeats its last corner.
struct Face {
  std::array<Vec, 4> corners;
  Vec normal, along, up;  // unit vectors; `along` and `up` span the face
  Paint paint;
  bool one_sided = false;  // seen only from where the normal points
};

/// Everything that stands in the scene at one instant.
class Mesh {
 public:
  /// What is added from now on is turned by `angle` (radians, about z) and moved.
  void place(Vec at, double angle);

  void quad(Vec a, Vec b, Vec c, Vec d, const Paint& paint, bool one_sided = false);
  void box(Vec low, Vec high, const Paint& paint);
  /// A thin straight member of square section: two crossed faces.
  void strut(Vec from, Vec to, double width, const Paint& paint);
  /// A lattice mast or boom: four chords and diagonals between two points.
  void lattice(Vec from, Vec to, double width, double section, double member, const Paint& paint);

  const std::vector<Face>& faces() const { return faces_; }

 private:
  Vec placed(Vec p) const;

  std::vector<Face> faces_;
  Vec at_;
  double cos_ = 1, sin_ = 0;
};

}  // namespace jieding::scenes
