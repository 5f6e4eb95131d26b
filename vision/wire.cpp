#include "vision/wire.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "vision/wire_header.hpp"
#include "vision/wire_points.hpp"

namespace jieding::vision::wire {
namespace {

namespace json = boost::json;

json::object to_json(const FacadeSetup& f) {
  return {{"building", f.building},
          {"name", f.name},
          {"storeys", f.storeys},
          {"storey_height_m", f.storey_height_m},
          {"scaffold", static_cast<int>(f.scaffold)},
          {"storeys_at_start", f.storeys_at_start},
          {"corners", json_of(f.corners)}};
}

json::object to_json(const CameraSetup& camera) {
  json::array facades;
  for (const FacadeSetup& facade : camera.facades)
    facades.push_back(to_json(facade));
  return {{"id", camera.id},
          {"width_px", camera.width_px},
          {"height_px", camera.height_px},
          {"outside_hidden", camera.outside_hidden},
          {"publishes", camera.publishes},
          {"masks", json_of(camera.masks)},
          {"facades", std::move(facades)}};
}

template <class E>
E bounded(const json::object& object, std::string_view key, int last) {
  const int value = number<int>(object, key);
  if (value < 0 || value > last) throw std::out_of_range(std::string(key) + " out of range");
  return static_cast<E>(value);
}

FacadeSetup to_facade(const json::object& object) {
  FacadeSetup out;
  out.building = text(object, "building");
  out.name = text(object, "name");
  out.storeys = number<int>(object, "storeys");
  out.storey_height_m = number<double>(object, "storey_height_m");
  out.scaffold = bounded<Scaffold>(object, "scaffold", static_cast<int>(Scaffold::None));
  out.storeys_at_start = number<int>(object, "storeys_at_start");
  out.corners = to_corners(object.at("corners"));
  return out;
}

CameraSetup to_camera(const json::object& object) {
  CameraSetup out;
  out.id = text(object, "id");
  out.width_px = number<int>(object, "width_px");
  out.height_px = number<int>(object, "height_px");
  out.outside_hidden = object.at("outside_hidden").as_bool();
  out.publishes = object.at("publishes").as_bool();
  out.masks = to_polygons(object.at("masks"));
  for (const auto& facade : object.at("facades").as_array())
    out.facades.push_back(to_facade(facade.as_object()));
  return out;
}

std::int64_t ms(Instant at) {
  return at.time_since_epoch().count();
}
Instant instant(const json::object& object, std::string_view key) {
  return Instant(std::chrono::milliseconds(number<std::int64_t>(object, key)));
}

json::array to_json(const std::vector<Measure>& measures) {
  json::array out;
  for (const Measure& measure : measures)
    out.push_back(json::object{{"name", measure.name}, {"value", measure.value}});
  return out;
}

std::vector<Measure> to_measures(const json::array& array) {
  std::vector<Measure> out;
  for (const auto& measure : array)
    out.push_back(
        {text(measure.as_object(), "name"), number<double>(measure.as_object(), "value")});
  return out;
}

json::object to_json(const BuildingEstimate& b) {
  json::array bands;
  for (const StoreyState state : b.bands)
    bands.push_back(static_cast<int>(state));
  return {{"building", b.building},
          {"storeys", b.storeys},
          {"low", b.storeys_low},
          {"high", b.storeys_high},
          {"stage", static_cast<int>(b.stage)},
          {"confidence", b.confidence},
          {"bands", std::move(bands)},
          {"corrected", b.corrected},
          {"correction", b.correction},
          {"grounds", to_json(b.grounds)}};
}

BuildingEstimate to_estimate(const json::object& object) {
  BuildingEstimate out;
  out.building = text(object, "building");
  out.storeys = number<double>(object, "storeys");
  out.storeys_low = number<int>(object, "low");
  out.storeys_high = number<int>(object, "high");
  out.stage = bounded<Stage>(object, "stage", static_cast<int>(Stage::Completed));
  out.confidence = number<double>(object, "confidence");
  for (const auto& band : object.at("bands").as_array()) {
    const int state = band.to_number<int>();
    if (state < 0 || state > static_cast<int>(StoreyState::Facade))
      throw std::out_of_range("band out of range");
    out.bands.push_back(static_cast<StoreyState>(state));
  }
  out.corrected = object.at("corrected").as_bool();
  out.correction = text(object, "correction");
  out.grounds = to_measures(object.at("grounds").as_array());
  if (out.grounds.size() > most_grounds) throw std::out_of_range("too many grounds");
  return out;
}

json::object to_json(const Proposal& p) {
  return {{"building", p.building},
          {"milestone", p.milestone},
          {"storey", p.storey},
          {"at", ms(p.at)},
          {"decided_at", ms(p.decided_at)}};
}

Proposal to_proposal(const json::object& object) {
  return {text(object, "building"), text(object, "milestone"), number<int>(object, "storey"),
          instant(object, "at"), instant(object, "decided_at")};
}

FrameReport read_report(const json::object& header, std::vector<std::string>& blobs) {
  FrameReport out;
  out.usable = header.at("usable").as_bool();
  for (const auto& reason : header.at("reasons").as_array())
    out.reasons.push_back(json::value_to<std::string>(reason));
  for (const auto& fault : header.at("faults").as_array())
    out.faults.push_back(json::value_to<std::string>(fault));
  out.measures = to_measures(header.at("measures").as_array());
  for (const auto& building : header.at("buildings").as_array())
    out.buildings.push_back(to_estimate(building.as_object()));
  for (const auto& proposal : header.at("proposals").as_array())
    out.proposals.push_back(to_proposal(proposal.as_object()));
  const json::array& pictures = header.at("pictures").as_array();
  if (blobs.size() != pictures.size() + 1) throw std::out_of_range("pictures and blobs differ");
  out.state = std::move(blobs[0]);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const json::object& picture = pictures[i].as_object();
    out.pictures.push_back(
        {text(picture, "kind"), text(picture, "building"), std::move(blobs[i + 1])});
  }
  return out;
}

}  // namespace

Message to_message(const Setup& setup) {
  return {json::serialize(json::object{{"kind", "setup"}, {"camera", to_json(setup.camera)}}),
          {setup.state}};
}

Message to_message(const FrameCall& call) {
  json::array counts;
  for (const ConfirmedCount& count : call.frame.counts)
    counts.push_back(json::object{{"building", count.building},
                                  {"storeys", count.storeys},
                                  {"ledger_index", count.ledger_index}});
  // The name comes from outside and may hold any bytes, so it is no JSON string.
  return {json::serialize(json::object{{"kind", "frame"},
                                       {"id", call.id},
                                       {"camera", call.frame.camera},
                                       {"taken", ms(call.frame.taken)},
                                       {"counts", std::move(counts)}}),
          {call.frame.bytes, call.frame.name}};
}

Message to_message(const Report& call) {
  const FrameReport& r = call.report;
  json::array reasons, faults, buildings, proposals, pictures;
  Message out;
  out.blobs.push_back(r.state);
  for (const auto& reason : r.reasons)
    reasons.push_back(json::string(reason));
  for (const auto& fault : r.faults)
    faults.push_back(json::string(fault));
  for (const auto& building : r.buildings)
    buildings.push_back(to_json(building));
  for (const auto& proposal : r.proposals)
    proposals.push_back(to_json(proposal));
  for (const auto& picture : r.pictures) {
    pictures.push_back(json::object{{"kind", picture.kind}, {"building", picture.building}});
    out.blobs.push_back(picture.jpeg);
  }
  out.header = json::serialize(json::object{{"kind", "report"},
                                            {"id", call.id},
                                            {"refused", call.refused},
                                            {"usable", r.usable},
                                            {"reasons", std::move(reasons)},
                                            {"faults", std::move(faults)},
                                            {"measures", to_json(r.measures)},
                                            {"buildings", std::move(buildings)},
                                            {"proposals", std::move(proposals)},
                                            {"pictures", std::move(pictures)}});
  return out;
}

Message ready_message() {
  return {json::serialize(json::object{{"kind", "ready"}}), {}};
}

Result<Setup> to_setup(Message message) {
  const auto header = header_of(message, "setup");
  if (!header) return header.error();
  return guarded<Setup>([&]() -> Result<Setup> {
    if (message.blobs.size() != 1) return wrong_message("a setup has one state");
    return Setup{to_camera(header->at("camera").as_object()), std::move(message.blobs[0])};
  });
}

Result<FrameCall> to_frame(Message message) {
  const auto header = header_of(message, "frame");
  if (!header) return header.error();
  return guarded<FrameCall>([&]() -> Result<FrameCall> {
    if (message.blobs.size() != 2) return wrong_message("a frame has two blobs");
    FrameCall out;
    out.id = number<std::uint64_t>(*header, "id");
    out.frame = {text(*header, "camera"), std::move(message.blobs[1]), instant(*header, "taken"),
                 std::move(message.blobs[0])};
    for (const json::value& value : header->at("counts").as_array()) {
      const json::object& count = value.as_object();
      out.frame.counts.push_back({text(count, "building"), number<int>(count, "storeys"),
                                  number<std::uint64_t>(count, "ledger_index")});
    }
    return out;
  });
}

Result<Report> to_report(Message message) {
  const auto header = header_of(message, "report");
  if (!header) return header.error();
  return guarded<Report>([&]() -> Result<Report> {
    return Report{number<std::uint64_t>(*header, "id"), text(*header, "refused"),
                  read_report(*header, message.blobs)};
  });
}

}  // namespace jieding::vision::wire
