#include "gateway/gateway_cameras.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <utility>

#include "gateway/camera_setup.hpp"
#include "gateway/domain/refusal.hpp"
#include "gateway/public_name.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/vision_process.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr double dragged_error_px = 1.5;  // standard deviation of a corner set on a phone's screen

Error no_such(const std::string& camera) {
  return {Fault::NotFound, "there is no camera '" + camera.substr(0, 40) + "' here"};
}

json::object camera_json(const config::Camera& camera,
                         const std::vector<sync::StoredCameraSetup>& setups) {
  json::object object = setup_json(camera);
  object["id"] = camera.id;
  object["name"] = camera.name;
  object["image_size"] = json::array{camera.image_size[0], camera.image_size[1]};
  object["ledger_index"] = nullptr;  // the file's
  object["since"] = nullptr;
  const auto own = std::find_if(setups.begin(), setups.end(),
                                [&](const auto& setup) { return setup.camera == camera.id; });
  if (own != setups.end()) {
    object["ledger_index"] = own->index;
    object["since"] = to_rfc3339(own->at);
  }
  return object;
}

void show_picture(json::object& camera, const std::optional<sync::LatestPicture>& picture) {
  camera["picture"] = picture ? json::value(picture->sha256) : json::value(nullptr);
  camera["picture_at"] = picture ? json::value(to_rfc3339(picture->taken)) : json::value(nullptr);
}

json::value ruler_json(const vision::Calibration& found) {
  json::array corners, notes(found.notes.begin(), found.notes.end());
  for (const Point& corner : found.corners)
    corners.push_back(json::array{std::round(corner.x * 10) / 10, std::round(corner.y * 10) / 10});
  return {{"corners", std::move(corners)},
          {"roof_error", found.roof_error},
          {"middle_error", found.middle_error},
          {"notes", std::move(notes)}};
}

json::value index_json(std::uint64_t index) {
  return {{"ledger_index", index}};
}

json::value cameras_json(json::array cameras) {
  return {{"cameras", std::move(cameras)}};
}

/// Why the answer is no ruler for this camera; empty: it is one.
std::string unfit(const vision::Calibration& found, const config::Camera& camera) {
  if (!found.refusal.empty()) return found.refusal;
  const bool same =
      camera.image_size[0] == found.width_px && camera.image_size[1] == found.height_px;
  return same ? std::string() : "the latest picture has another size than image_size says";
}

}  // namespace

config::Config with_setups(config::Config config,
                           const std::vector<sync::StoredCameraSetup>& setups) {
  for (const sync::StoredCameraSetup& setup : setups) {
    const config::Camera* camera = config.camera(setup.camera);
    if (camera == nullptr) continue;
    auto changed = set_up(*camera, setup.setup, config);
    if (!changed) {
      log::warning("camera " + setup.camera, "what was set up on the page does not fit the file (" +
                                                 changed.error().text() +
                                                 "); the file's corners and masks are used");
      continue;
    }
    log::info("camera " + setup.camera,
              "corners and masks as set up on the page, event " + std::to_string(setup.index));
    replace(config, std::move(*changed));
  }
  return config;
}

asio::awaitable<Result<json::value>> GatewayCameras::cameras() {
  const auto setups = co_await parts_.store.cameras().all();
  if (!setups) co_return setups.error();
  json::array list;
  for (const config::Camera& camera : parts_.config.cameras) {
    const auto picture = co_await parts_.store.cameras().latest_picture(camera.id);
    if (!picture) co_return picture.error();
    json::object object = camera_json(camera, *setups);
    show_picture(object, *picture);
    list.push_back(std::move(object));
  }
  co_return cameras_json(std::move(list));
}

asio::awaitable<Result<json::value>> GatewayCameras::set_up(web::Person person, std::string camera,
                                                            json::object setup) {
  const config::Camera* known = parts_.config.camera(camera);
  if (known == nullptr) co_return no_such(camera);
  auto changed = jieding::set_up(*known, setup, parts_.config);
  if (!changed) co_return changed.error();
  sync::CameraChange word = change_of(person, *changed);
  word.setup = setup_json(*changed);
  co_return co_await change(std::move(word), std::move(*changed));
}

asio::awaitable<Result<json::value>> GatewayCameras::take_back(web::Person person,
                                                               std::string camera) {
  const config::Camera* original = of_file(camera);
  if (original == nullptr) co_return no_such(camera);
  sync::CameraChange word = change_of(person, *original);
  config::Camera copy = *original;
  co_return co_await change(std::move(word), std::move(copy));
}

/// First the record, then the eyes: killed in between, the next start reads the record.
asio::awaitable<Result<json::value>> GatewayCameras::change(sync::CameraChange change,
                                                            config::Camera camera) {
  const auto index = co_await parts_.store.cameras().change(std::move(change));
  if (!index) co_return index.error();
  replace(parts_.config, std::move(camera));
  if (parts_.vision != nullptr) parts_.vision->set_up_anew(vision_setups(parts_.config));
  parts_.committed();
  co_return index_json(*index);
}

asio::awaitable<Result<json::value>> GatewayCameras::publish(web::Person person,
                                                             PublicPictures rule) {
  std::string by = public_name(parts_.config, person.id);
  const auto index =
      co_await parts_.store.cameras().publish(rule, std::move(by), parts_.clock.now());
  if (!index) co_return index.error();
  public_pictures_ = rule;
  parts_.committed();
  co_return index_json(*index);
}

asio::awaitable<Result<json::value>> GatewayCameras::ruler(std::string camera,
                                                           json::object marked) {
  const config::Camera* known = parts_.config.camera(camera);
  if (known == nullptr) co_return no_such(camera);
  const Error none(Fault::Conflict, "there is no picture of this camera yet", refusal::no_picture);
  auto call = call_of(*known, marked);
  if (!call) co_return call.error();
  const auto picture = co_await parts_.store.cameras().latest_picture(known->id);
  if (!picture) co_return picture.error();
  if (!*picture || parts_.vision == nullptr) co_return none;
  auto jpeg = co_await parts_.store.picture((*picture)->sha256);
  if (!jpeg) co_return jpeg.error();
  call->jpeg = std::move(*jpeg);
  const auto found = co_await parts_.vision->calibrate(std::move(*call));
  if (!found) co_return found.error();
  const std::string wrong = unfit(*found, *parts_.config.camera(camera));
  if (!wrong.empty()) co_return Error(Fault::Invalid, wrong);
  co_return ruler_json(*found);
}

sync::CameraChange GatewayCameras::change_of(const web::Person& person,
                                             const config::Camera& camera) const {
  sync::CameraChange change;
  change.camera = camera.id;
  change.by = public_name(parts_.config, person.id);
  change.said = parts_.clock.now();
  return change;
}

Result<vision::CalibrationCall> GatewayCameras::call_of(const config::Camera& camera,
                                                        const json::object& marked) const {
  vision::CalibrationCall call;
  const json::value* building = marked.if_contains("building");
  if (building != nullptr && building->is_string()) call.building = building->get_string();
  const config::Building* known = parts_.config.building(call.building);
  if (known == nullptr)
    return Error{Fault::Invalid, "building must be the id of a building of this site"};
  call.storeys = known->storeys;
  const json::value* storeys = marked.if_contains("storeys");
  boost::system::error_code code;
  const auto span = storeys != nullptr ? storeys->to_number<std::int64_t>(code) : 0;
  if (code || span < 1 || span > known->storeys)
    return Error{Fault::Invalid, "storeys must be 1 to the planned " +
                                     std::to_string(known->storeys) + " of " + known->id};
  call.storeys_visible = static_cast<int>(span);
  const auto corners = corners_of(marked);
  if (!corners) return corners.error();
  call.clicks = *corners;
  call.click_error_px = dragged_error_px;
  call.masks = vision_setup(parts_.config, camera).masks;
  return call;
}

const config::Camera* GatewayCameras::of_file(const std::string& id) const {
  const auto found = std::find_if(parts_.of_file.begin(), parts_.of_file.end(),
                                  [&](const auto& camera) { return camera.id == id; });
  return found == parts_.of_file.end() ? nullptr : &*found;
}

}  // namespace jieding
