#include "tests/scenes/mesh.hpp"

namespace jieding::scenes {
namespace {

/// Two unit vectors square to `direction`.
std::pair<Vec, Vec> square_to(Vec direction) {
  const Vec other = std::abs(direction.z) > 0.9 ? Vec{1, 0, 0} : Vec{0, 0, 1};
  const Vec side = normalized(cross(direction, other));
  return {side, normalized(cross(side, direction))};
}

}  // namespace

void Mesh::place(Vec at, double angle) {
  at_ = at;
  cos_ = std::cos(angle);
  sin_ = std::sin(angle);
}

Vec Mesh::placed(Vec p) const {
  return Vec{p.x * cos_ - p.y * sin_, p.x * sin_ + p.y * cos_, p.z} + at_;
}

void Mesh::quad(Vec a, Vec b, Vec c, Vec d, const Paint& paint, bool one_sided) {
  Face face{{placed(a), placed(b), placed(c), placed(d)}, {}, {}, {}, paint, one_sided};
  face.along = normalized(face.corners[1] - face.corners[0]);
  face.normal =
      normalized(cross(face.corners[2] - face.corners[0], face.corners[3] - face.corners[1]));
  face.up = cross(face.normal, face.along);
  faces_.push_back(face);
}

void Mesh::box(Vec l, Vec h, const Paint& paint) {
  const Vec a{l.x, l.y, l.z}, b{h.x, l.y, l.z}, c{h.x, h.y, l.z}, d{l.x, h.y, l.z};
  const Vec e{l.x, l.y, h.z}, f{h.x, l.y, h.z}, g{h.x, h.y, h.z}, k{l.x, h.y, h.z};
  quad(a, b, f, e, paint, true);
  quad(b, c, g, f, paint, true);
  quad(c, d, k, g, paint, true);
  quad(d, a, e, k, paint, true);
  quad(e, f, g, k, paint, true);
  Paint below = paint;
  below.ambient *= 0.45;
  quad(d, c, b, a, below, true);
}

void Mesh::strut(Vec from, Vec to, double width, const Paint& paint) {
  const auto [side, up] = square_to(normalized(to - from));
  for (const Vec half : {side * (width / 2), up * (width / 2)})
    quad(from - half, to - half, to + half, from + half, paint);
}

void Mesh::lattice(Vec from, Vec to, double width, double section, double member,
                   const Paint& paint) {
  const Vec axis = to - from;
  const double reach = length(axis);
  const auto [side, up] = square_to(normalized(axis));
  const std::array<Vec, 4> chords{(side + up) * (width / 2), (side - up) * (width / 2),
                                  (side + up) * (-width / 2), (up - side) * (width / 2)};
  for (const Vec chord : chords)
    strut(from + chord, to + chord, member * 1.4, paint);
  const int sections = std::max(1, static_cast<int>(reach / section));
  for (int i = 0; i < sections; ++i) {
    const Vec low = from + axis * (double(i) / sections);
    const Vec high = from + axis * (double(i + 1) / sections);
    for (std::size_t k = 0; k < 4; ++k) {
      const Vec here = chords[k], next = chords[(k + 1) % 4];
      strut(low + here, high + next, member * 0.8, paint);
      strut(high + here, high + next, member * 0.8, paint);
    }
  }
}

}  // namespace jieding::scenes
