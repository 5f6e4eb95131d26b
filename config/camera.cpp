// [[camera]] [[camera.facade]] [[camera.mask]]

#include <algorithm>
#include <array>
#include <cmath>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

constexpr std::array<std::string_view, 3> scaffold_words{"climbing", "wrapped", "none"};
constexpr std::array<Scaffold, 3> scaffolds{Scaffold::Climbing, Scaffold::Wrapped, Scaffold::None};
constexpr std::array<std::string_view, 2> outside_words{"hidden", "shown"};

/// Whole pixels; none where it is no number of them.
int side_of(double number) {
  const bool whole = number == std::floor(number) && number > 0 && number <= most_pixels;
  return whole ? static_cast<int>(number) : 0;
}

void read_image_size(Table& table, std::array<int, 2>& size) {
  table.must_have("image_size", "[1280, 720]");
  std::vector<double> pair;
  if (!table.numbers("image_size", pair)) return;
  std::array<int, 2> given{};
  if (pair.size() == 2) given = {side_of(pair[0]), side_of(pair[1])};
  const std::string wrong = wrong_image_size(given);
  if (!wrong.empty()) return table.complain("image_size", wrong);
  size = given;
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
  const std::string wrong = wrong_corners(facade.corners, camera.image_size);
  if (!wrong.empty()) table.complain("corners", wrong);
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
  table.integer("storeys_at_start", facade.storeys_at_start, Range<int>{0, most_storeys});
  if (named) check_building(table, config, camera, facade);
  read_corners(table, camera, facade);
  table.refuse_unknown();
  camera.facades.push_back(std::move(facade));
}

void read_mask(Table& table, Camera& camera) {
  std::vector<Point> polygon;
  table.must_have("polygon", "three or more points in pixels, such as [[0, 0], [200, 0], [0, 90]]");
  if (table.points("polygon", polygon)) {
    const std::string wrong = wrong_mask(polygon, camera.image_size);
    if (!wrong.empty()) table.complain("polygon", wrong);
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
  if (camera.facades.size() > most_facades) {
    table.complain("facade", std::to_string(camera.facades.size()) + " of them; write at most " +
                                 std::to_string(most_facades) + ", the others for another camera");
  }
  for (auto& mask : table.tables("mask"))
    read_mask(mask, camera);
  const bool known = read_unit_driver(table, drivers, true, config, camera.driver, camera.settings);
  camera.silent_after = read_silence(table, config.site, camera.settings);
  if (known) table.refuse_unknown();
  config.cameras.push_back(std::move(camera));
}

}  // namespace

void read_cameras(Table& root, std::span<const DriverSchema> drivers, Config& config) {
  for (auto& table : root.tables("camera"))
    read_camera(table, drivers, config);
}

}  // namespace jieding::config
