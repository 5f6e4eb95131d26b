// [[building]] [[camera]] [[camera.facade]] [[camera.mask]]

#include <algorithm>
#include <array>
#include <cmath>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

constexpr std::array<std::string_view, 3> scaffold_words{"climbing", "wrapped", "none"};
constexpr std::array<Scaffold, 3> scaffolds{Scaffold::Climbing, Scaffold::Wrapped, Scaffold::None};
constexpr std::array<std::string_view, 2> outside_words{"hidden", "shown"};
constexpr int most_pixels = 16'384;  ///< on one side; beyond what site cameras give
/// A tall building may stand partly outside the picture: so many of its corners must lie inside,
/// and the others at most one picture's width and height away from it.
constexpr int fewest_corners_inside = 2;
constexpr std::string_view corner_order = "ground left, ground right, roof right, roof left";

bool inside(Point point, std::array<int, 2> size) {
  return point.x >= 0 && point.y >= 0 && point.x <= size[0] && point.y <= size[1];
}

bool all_inside(std::span<const Point> points, std::array<int, 2> size) {
  return std::all_of(points.begin(), points.end(), [&](Point p) { return inside(p, size); });
}

bool enough_inside(std::span<const Point> corners, std::array<int, 2> size) {
  const auto near = [&](Point p) {
    return p.x >= -size[0] && p.y >= -size[1] && p.x <= 2 * size[0] && p.y <= 2 * size[1];
  };
  const auto count =
      std::count_if(corners.begin(), corners.end(), [&](Point p) { return inside(p, size); });
  return count >= fewest_corners_inside && std::all_of(corners.begin(), corners.end(), near);
}

/// Negative where the way a → b → c turns left in the picture (y grows downwards). Unit: px².
double turn(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/// From the ground's left end, to the right, up and back: only left turns, and the roof is above.
bool is_facade_order(const std::array<Point, 4>& corners) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (turn(corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]) > -1.0) return false;
  }
  const double ground = corners[0].y + corners[1].y;
  const double roof = corners[2].y + corners[3].y;
  const double left = corners[0].x + corners[3].x;
  const double right = corners[1].x + corners[2].x;
  return ground > roof && left < right;
}

/// Twice the area within the polygon (shoelace formula). Unit: px².
double double_area(std::span<const Point> polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& a = polygon[i];
    const auto& b = polygon[(i + 1) % polygon.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum);
}

std::string size_text(std::array<int, 2> size) {
  return std::to_string(size[0]) + " x " + std::to_string(size[1]);
}

void read_image_size(Table& table, std::array<int, 2>& size) {
  if (table.has("facade") || table.has("mask")) table.must_have("image_size", "[1280, 720]");
  std::vector<double> pair;
  if (!table.numbers("image_size", pair)) return;
  const bool right = pair.size() == 2 && std::all_of(pair.begin(), pair.end(), [](double side) {
                       return side >= 16 && side <= most_pixels && side == std::floor(side);
                     });
  if (!right) {
    return table.complain("image_size", "wrong value; write [WIDTH, HEIGHT] in pixels, 16 to " +
                                            std::to_string(most_pixels) + " each");
  }
  size = {static_cast<int>(pair[0]), static_cast<int>(pair[1])};
}

void read_corners(Table& table, const Camera& camera, Facade& facade) {
  table.must_have("corners", "four points in pixels: " + std::string(corner_order));
  std::vector<Point> points;
  if (!table.points("corners", points)) return;
  if (points.size() != 4) {
    return table.complain("corners", std::to_string(points.size()) +
                                         " points; write four: " + std::string(corner_order));
  }
  std::copy(points.begin(), points.end(), facade.corners.begin());
  if (camera.image_size[0] > 0 && !enough_inside(points, camera.image_size)) {
    table.complain("corners",
                   "outside the picture of " + size_text(camera.image_size) +
                       " pixels; at least two must lie inside, the others at most one picture's "
                       "width and height away: move them, or correct image_size");
  }
  if (!is_facade_order(facade.corners)) {
    table.complain("corners", "do not go round the facade; write them in the order " +
                                  std::string(corner_order));
  }
}

void check_building(Table& table, const Config& config, const Camera& camera,
                    const Facade& facade) {
  const auto* building = config.building(facade.building);
  if (building == nullptr) {
    return table.complain("building", "no [[building]] has this id; write the id of one");
  }
  if (std::any_of(camera.facades.begin(), camera.facades.end(),
                  [&](const Facade& other) { return other.building == facade.building; })) {
    table.complain("building", "this camera already has a facade of it; remove one");
  }
  if (facade.storeys_at_start > building->storeys && building->storeys > 0) {
    table.complain("storeys_at_start", "more than the building's planned " +
                                           std::to_string(building->storeys) +
                                           "; write how many stood when the camera came");
  }
}

void read_facade(Table& table, const Config& config, Camera& camera) {
  Facade facade;
  table.must_have("building", "\"...\"");
  const bool named = table.id("building", facade.building);
  if (const auto word = table.choice("scaffold", scaffold_words))
    facade.scaffold = scaffolds[*word];
  table.integer("storeys_at_start", facade.storeys_at_start, Range<int>{0, 150});
  if (named) check_building(table, config, camera, facade);
  read_corners(table, camera, facade);
  table.refuse_unknown();
  camera.facades.push_back(std::move(facade));
}

void read_mask(Table& table, Camera& camera) {
  std::vector<Point> polygon;
  table.must_have("polygon", "three or more points in pixels, such as [[0, 0], [200, 0], [0, 90]]");
  if (table.points("polygon", polygon)) {
    if (polygon.size() < 3 || double_area(polygon) < 2.0) {
      table.complain("polygon",
                     "hides nothing; write three or more points around what must not be seen");
    } else if (camera.image_size[0] > 0 && !all_inside(polygon, camera.image_size)) {
      table.complain("polygon", "outside the picture of " + size_text(camera.image_size) +
                                    " pixels; move the points to its edge, or correct image_size");
    }
    camera.masks.push_back(std::move(polygon));
  }
  table.refuse_unknown();
}

void read_camera(Table& table, std::span<const DriverSchema> drivers, Config& config) {
  Camera camera;
  table.must_have("id", "\"...\"");
  if (table.id("id", camera.id) && config.camera(camera.id) != nullptr) {
    table.complain("id", "another [[camera]] has this id; choose another one");
  }
  camera.name = camera.id;
  table.text("name", camera.name);
  read_image_size(table, camera.image_size);
  if (const auto word = table.choice("outside", outside_words)) camera.outside_hidden = *word == 0;
  for (auto& facade : table.tables("facade"))
    read_facade(facade, config, camera);
  for (auto& mask : table.tables("mask"))
    read_mask(mask, camera);
  const bool known = read_unit_driver(table, drivers, true, config, camera.driver, camera.settings);
  camera.silent_after = read_silence(table, config.site, camera.settings);
  if (known) table.refuse_unknown();
  config.cameras.push_back(std::move(camera));
}

}  // namespace

void read_buildings(Table& root, std::vector<Building>& buildings) {
  for (auto& table : root.tables("building")) {
    Building building;
    table.must_have("id", "\"...\"");
    if (table.id("id", building.id) &&
        std::any_of(buildings.begin(), buildings.end(),
                    [&](const Building& other) { return other.id == building.id; })) {
      table.complain("id", "another [[building]] has this id; choose another one");
    }
    building.name = building.id;
    table.text("name", building.name);
    table.must_have("storeys", "the planned number above ground");
    table.integer("storeys", building.storeys, Range<int>{1, 150});
    table.number("storey_height_m", building.storey_height_m, Range<double>{2, 10});
    table.refuse_unknown();
    buildings.push_back(std::move(building));
  }
}

void read_cameras(Table& root, std::span<const DriverSchema> drivers, Config& config) {
  for (auto& table : root.tables("camera"))
    read_camera(table, drivers, config);
}

}  // namespace jieding::config
