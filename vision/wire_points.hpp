#pragma once
// Points of a picture in the messages of vision/wire: [x, y] each.

#include <boost/json.hpp>
#include <span>
#include <vector>

#include "gateway/domain/camera_view.hpp"
#include "vision/wire_header.hpp"

namespace jieding::vision::wire {

using Polygon = std::vector<Point>;

inline boost::json::array json_of(std::span<const Point> points) {
  boost::json::array out;
  for (const Point& p : points)
    out.push_back(boost::json::array{p.x, p.y});
  return out;
}

inline boost::json::array json_of(const std::vector<Polygon>& polygons) {
  boost::json::array out;
  for (const Polygon& polygon : polygons)
    out.push_back(json_of(std::span(polygon)));
  return out;
}

// What does not fit throws, for guarded().

inline Polygon to_polygon(const boost::json::value& value) {
  Polygon out;
  for (const auto& point : value.as_array())
    out.push_back({number<double>(point.as_array().at(0)), number<double>(point.as_array().at(1))});
  return out;
}

inline Corners to_corners(const boost::json::value& value) {
  const Polygon points = to_polygon(value);
  return {points.at(0), points.at(1), points.at(2), points.at(3)};
}

inline std::vector<Polygon> to_polygons(const boost::json::value& value) {
  std::vector<Polygon> out;
  for (const auto& polygon : value.as_array())
    out.push_back(to_polygon(polygon));
  return out;
}

}  // namespace jieding::vision::wire
