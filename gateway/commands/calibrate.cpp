#include "vision/calibration.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "gateway/commands/complain.hpp"
#include "gateway/commands/setup_in_force.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/vision_process.hpp"
#include "vision/talk.hpp"

namespace jieding::commands {
namespace {

constexpr std::chrono::seconds answer_limit{120};
constexpr double too_much_error = 0.5;  // storeys: from there on a count is wrong as often as right

std::optional<Point> read_point(const std::string& text) {
  Point point;
  const char* const end = text.data() + text.size();
  const auto x = std::from_chars(text.data(), end, point.x);
  if (x.ec != std::errc() || x.ptr == end || *x.ptr != ',') return std::nullopt;
  const auto y = std::from_chars(x.ptr + 1, end, point.y);
  if (y.ec != std::errc() || y.ptr != end) return std::nullopt;
  return point;
}

/// The building that is meant, or what is wrong.
Result<const config::Building*> find_building(const config::Config& config,
                                              const config::Camera& camera,
                                              const std::string& wanted) {
  std::string id = wanted;
  if (id.empty() && camera.facades.size() == 1) id = camera.facades.front().building;
  if (id.empty() && camera.facades.empty() && config.buildings.size() == 1)
    id = config.buildings.front().id;
  if (id.empty()) return Error(Fault::Invalid, "there are several buildings; add --building ID");
  const config::Building* building = config.building(id);
  if (!building)
    return Error(Fault::Invalid,
                 "there is no building '" + id + "'; give the id of a [[building]]");
  return building;
}

Result<std::string> read_picture(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in || bytes.empty()) return Error(Fault::NotFound, "cannot read the picture " + file);
  if (bytes.size() > vision::wire::largest_blob)
    return Error(Fault::TooMuch, file + " is too large; " +
                                     std::to_string(vision::wire::largest_blob >> 20U) +
                                     " MiB at most");
  return bytes;
}

/// What the command line says, checked as far as it can be without the picture.
Result<vision::CalibrationCall> read_call(const Calibrate& what, const config::Building& building,
                                          const config::Config& config,
                                          const config::Camera& camera) {
  vision::CalibrationCall call;
  call.building = building.id;
  call.storeys = building.storeys;
  call.storeys_visible = what.storeys_visible;
  call.click_error_px = what.click_error_px;
  if (what.storeys_visible < 0 || what.storeys_visible > building.storeys)
    return Error(Fault::Invalid, "--storeys-visible must be 1 to " +
                                     std::to_string(building.storeys) +
                                     ", the planned storeys of " + building.id);
  if (!what.corners.empty()) {
    if (what.corners.size() != 4)
      return Error(Fault::Invalid, "--corners needs four points x,y; these are " +
                                       std::to_string(what.corners.size()));
    if (what.storeys_visible == 0)
      return Error(Fault::Invalid, "say how many storeys the corners span: --storeys-visible N");
    call.clicks.emplace();
    for (std::size_t i = 0; i < 4; ++i) {
      const auto point = read_point(what.corners[i]);
      if (!point)
        return Error(Fault::Invalid, "'" + what.corners[i] + "' is no corner; write x,y in pixels");
      (*call.clicks)[i] = *point;
    }
  }
  call.masks = vision_setup(config, camera).masks;
  for (const config::Facade& facade : camera.facades)
    if (facade.building != building.id)
      call.others.emplace_back(facade.corners.begin(), facade.corners.end());
  return call;
}

/// A child of its own, as for replay; the gateway is not asked.
Result<vision::Calibration> ask(const config::Config& config, const vision::CalibrationCall& call) {
  auto child = vision::AskedChild::start(vision_executable(config), answer_limit);
  if (!child) return child.error();
  auto answer = child->ask(vision::wire::to_message(call));
  if (!answer) return answer.error();
  return vision::wire::to_calibration(std::move(*answer));
}

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// What goes below [[camera.facade]], as it stands.
void print(const vision::Calibration& found, const vision::CalibrationCall& call) {
  std::cout << "building = \"" << call.building << "\"\ncorners = [";
  for (std::size_t i = 0; i < 4; ++i)
    std::cout << (i == 0 ? "[" : ", [") << fixed(found.corners[i].x, 1) << ", "
              << fixed(found.corners[i].y, 1) << ']';
  std::cout << "]\n# from " << found.storeys_found << (call.clicks ? " clicked" : " found")
            << " storeys of " << call.storeys
            << "; expected error of the ruler: " << fixed(found.roof_error, 2)
            << " storeys at the roof, " << fixed(found.middle_error, 2) << " half way up\n";
}

void warn(const vision::Calibration& found, const Calibrate& what) {
  for (const std::string& note : found.notes)
    std::cerr << "jieding: " << note << '\n';
  if (!all_inside(found.corners, {found.width_px, found.height_px}))
    std::cerr
        << "jieding: the planned roof lies outside the picture: what is built beyond its edge "
           "will not be seen; turn the camera up or take a wider lens\n";
  if (found.roof_error > too_much_error)
    std::cerr << "jieding: WARNING: the ruler may be wrong by " << fixed(found.roof_error, 2)
              << " storeys at the roof; "
              << (what.corners.empty() ? "click the corners instead (--corners)"
                                       : "click more storeys, or more exactly (--click-error), or "
                                         "calibrate again when more stand")
              << '\n';
}

Result<void> write_drawn(const std::string& file, bool replace, const std::string& jpeg) {
  auto out = NewFile::begin(file, replace);
  if (!out) return out.error();
  if (auto written = out->write_at(0, jpeg); !written) return written;
  return out->finish();
}

int finish(const Calibrate& what, const config::Camera& camera, const vision::CalibrationCall& call,
           const vision::Calibration& found) {
  if (!found.refusal.empty()) return complain(what.picture + ": " + found.refusal);
  const std::array<int, 2> size{found.width_px, found.height_px};
  if (camera.image_size != size)
    return complain(what.picture + " has " + size_text(size) + " pixels, camera " + camera.id +
                        " " + size_text(camera.image_size) + "; give a picture as it sends them",
                    1);
  if (auto written = write_drawn(what.out, what.force, found.drawn); !written)
    return complain(written.error());
  print(found, call);
  warn(found, what);
  return 0;
}

}  // namespace

int calibrate(const Source& source, const Calibrate& what) {
  const auto config = load_in_force(source, what.camera);
  if (!config) return 1;
  const config::Camera* camera = config->camera(what.camera);
  if (!camera)
    return complain("there is no camera '" + what.camera + "' in " + source.file +
                        "; give the id of a [[camera]]",
                    2);
  const auto building = find_building(*config, *camera, what.building);
  if (!building) return complain(building.error().text(), 2);
  auto call = read_call(what, **building, *config, *camera);
  if (!call) return complain(call.error().text(), 2);
  auto picture = read_picture(what.picture);
  if (!picture) return complain(picture.error());
  call->jpeg = std::move(*picture);
  const auto found = ask(*config, *call);
  if (!found) return complain(found.error());
  return finish(what, *camera, *call, *found);
}

}  // namespace jieding::commands
