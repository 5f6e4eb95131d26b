#include "gateway/camera_setup.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <optional>

namespace jieding {
namespace {

namespace json = boost::json;

constexpr std::size_t most_masks = 32, most_mask_points = 32;
constexpr double farthest_px = 1e5;  // nothing that a picture could be near to

constexpr std::array<std::pair<std::string_view, config::Scaffold>, 4> scaffolds{{
    {"unknown", config::Scaffold::Unknown},
    {"climbing", config::Scaffold::Climbing},
    {"wrapped", config::Scaffold::Wrapped},
    {"none", config::Scaffold::None},
}};

/// A tenth of a pixel is finer than anybody can point.
double rounded(double px) {
  return std::round(px * 10) / 10;
}

json::array points_json(std::span<const Point> points) {
  json::array array;
  for (const Point& point : points)
    array.push_back(json::array{rounded(point.x), rounded(point.y)});
  return array;
}

std::string_view word_of(config::Scaffold scaffold) {
  const auto* found = std::find_if(scaffolds.begin(), scaffolds.end(),
                                   [&](const auto& one) { return one.second == scaffold; });
  return found->first;
}

std::optional<double> number_of(const json::value& value) {
  boost::system::error_code code;
  const double number = value.to_number<double>(code);
  if (code || !(std::abs(number) < farthest_px)) return std::nullopt;
  return rounded(number);
}

Result<std::vector<Point>> points_of(const json::value& value) {
  const json::array* array = value.if_array();
  std::vector<Point> points;
  if (array == nullptr || array->size() > most_mask_points)
    return invalid("points must be a list of at most " + std::to_string(most_mask_points) +
                   " pairs [x, y]");
  for (const json::value& item : *array) {
    const json::array* pair = item.if_array();
    if (pair == nullptr || pair->size() != 2) return invalid("a point must be a pair [x, y]");
    const auto x = number_of((*pair)[0]), y = number_of((*pair)[1]);
    if (!x || !y) return invalid("a point must be a pair [x, y] of pixels");
    points.push_back({*x, *y});
  }
  return points;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

Result<int> storeys_at_start(const json::object& object, const config::Building& building) {
  const json::value* value = object.if_contains("storeys_at_start");
  if (value == nullptr) return 0;
  boost::system::error_code code;
  const auto storeys = value->to_number<std::int64_t>(code);
  if (code || storeys < 0 || storeys > building.storeys)
    return invalid("storeys_at_start must be 0 to the building's planned " +
                   std::to_string(building.storeys));
  return static_cast<int>(storeys);
}

Result<config::Facade> facade_of(const json::value& value, const config::Camera& camera,
                                 const config::Config& config) {
  const json::object* object = value.if_object();
  if (object == nullptr) return invalid("a facade must be an object");
  config::Facade facade;
  facade.building = text_of(*object, "building");
  const config::Building* building = config.building(facade.building);
  if (building == nullptr) return invalid("building must be the id of a building of this site");
  const bool twice = std::any_of(camera.facades.begin(), camera.facades.end(),
                                 [&](const auto& one) { return one.building == facade.building; });
  if (twice) return invalid("this camera already has a facade of " + facade.building);
  const std::string scaffold = text_of(*object, "scaffold");
  const auto* known = std::find_if(scaffolds.begin(), scaffolds.end(),
                                   [&](const auto& one) { return one.first == scaffold; });
  if (known == scaffolds.end())
    return invalid("scaffold must be climbing, wrapped, none or unknown");
  facade.scaffold = known->second;
  const auto start = storeys_at_start(*object, *building);
  if (!start) return start.error();
  facade.storeys_at_start = *start;
  const auto corners = corners_of(*object);
  if (!corners) return corners.error();
  facade.corners = *corners;
  const std::string wrong = wrong_corners(facade.corners, camera.image_size);
  if (!wrong.empty()) return invalid("corners of " + facade.building + ": " + wrong);
  return facade;
}

const json::array* list_of(const json::object& object, std::string_view key, std::size_t most) {
  const json::value* value = object.if_contains(key);
  const json::array* array = value != nullptr ? value->if_array() : nullptr;
  return array != nullptr && array->size() <= most ? array : nullptr;
}

}  // namespace

json::object setup_json(const config::Camera& camera) {
  json::array facades, masks;
  for (const config::Facade& facade : camera.facades)
    facades.push_back(json::object{{"building", facade.building},
                                   {"scaffold", word_of(facade.scaffold)},
                                   {"storeys_at_start", facade.storeys_at_start},
                                   {"corners", points_json(facade.corners)}});
  for (const auto& mask : camera.masks)
    masks.push_back(points_json(mask));
  return {{"facades", std::move(facades)}, {"masks", std::move(masks)}};
}

Result<config::Camera> set_up(config::Camera camera, const json::object& setup,
                              const config::Config& config) {
  const json::array* facades = list_of(setup, "facades", most_facades);
  const json::array* masks = list_of(setup, "masks", most_masks);
  if (facades == nullptr || masks == nullptr)
    return invalid("facades and masks must be lists of at most " + std::to_string(most_facades) +
                   " and " + std::to_string(most_masks));
  camera.facades.clear();
  camera.masks.clear();
  for (const json::value& value : *facades) {
    auto facade = facade_of(value, camera, config);
    if (!facade) return facade.error();
    camera.facades.push_back(std::move(*facade));
  }
  for (const json::value& value : *masks) {
    auto mask = points_of(value);
    if (!mask) return mask.error();
    const std::string wrong = wrong_mask(*mask, camera.image_size);
    if (!wrong.empty()) return invalid("a mask: " + wrong);
    camera.masks.push_back(std::move(*mask));
  }
  return camera;
}

void replace(config::Config& config, config::Camera camera) {
  for (config::Camera& known : config.cameras)
    if (known.id == camera.id) known = std::move(camera);
}

Result<Corners> corners_of(const json::object& object) {
  const json::value* value = object.if_contains("corners");
  if (value == nullptr) return invalid("corners are missing");
  const auto points = points_of(*value);
  if (!points) return points.error();
  if (points->size() != 4) return invalid("corners must be four: " + std::string(corner_order));
  Corners corners;
  std::copy(points->begin(), points->end(), corners.begin());
  return corners;
}

}  // namespace jieding
