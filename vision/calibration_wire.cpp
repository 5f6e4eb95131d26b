#include <utility>

#include "vision/calibration.hpp"
#include "vision/wire_header.hpp"
#include "vision/wire_points.hpp"

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

}  // namespace

Message to_message(const CalibrationCall& call) {
  const json::object header{
      {"kind", "calibrate"},
      {"building", call.building},
      {"storeys", call.storeys},
      {"storeys_visible", call.storeys_visible},
      {"clicks", call.clicks ? json::value(json_of(*call.clicks)) : json::value(nullptr)},
      {"click_error", call.click_error_px},
      {"masks", json_of(call.masks)},
      {"others", json_of(call.others)}};
  return {json::serialize(header), {call.jpeg}};
}

Message to_message(const Calibration& c) {
  json::array notes;
  for (const std::string& note : c.notes)
    notes.push_back(json::string(note));
  const json::object header{{"kind", "calibration"},          {"refusal", c.refusal},
                            {"corners", json_of(c.corners)},  {"roof_error", c.roof_error},
                            {"middle_error", c.middle_error}, {"storeys_found", c.storeys_found},
                            {"notes", std::move(notes)},      {"width", c.width_px},
                            {"height", c.height_px}};
  return {json::serialize(header), {c.drawn}};
}

Result<CalibrationCall> to_calibration_call(Message message) {
  const auto header = header_of(message, "calibrate");
  if (!header) return header.error();
  return guarded<CalibrationCall>([&]() -> Result<CalibrationCall> {
    CalibrationCall out;
    out.jpeg = std::move(message.blobs.at(0));
    out.building = text(*header, "building");
    out.storeys = number<int>(*header, "storeys");
    out.storeys_visible = number<int>(*header, "storeys_visible");
    if (const auto& clicks = header->at("clicks"); !clicks.is_null())
      out.clicks = to_corners(clicks);
    out.click_error_px = number<double>(*header, "click_error");
    out.masks = to_polygons(header->at("masks"));
    out.others = to_polygons(header->at("others"));
    return out;
  });
}

Result<Calibration> to_calibration(Message message) {
  const auto header = header_of(message, "calibration");
  if (!header) return header.error();
  return guarded<Calibration>([&]() -> Result<Calibration> {
    Calibration out;
    out.refusal = text(*header, "refusal");
    out.corners = to_corners(header->at("corners"));
    out.roof_error = number<double>(*header, "roof_error");
    out.middle_error = number<double>(*header, "middle_error");
    out.storeys_found = number<int>(*header, "storeys_found");
    for (const auto& note : header->at("notes").as_array())
      out.notes.push_back(json::value_to<std::string>(note));
    out.width_px = number<int>(*header, "width");
    out.height_px = number<int>(*header, "height");
    out.drawn = std::move(message.blobs.at(0));
    return out;
  });
}

}  // namespace jieding::vision::wire
