#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "tests/scenes/clock.hpp"
#include "tests/scenes/site.hpp"

namespace jieding::scenes {
namespace {

namespace fs = std::filesystem;

std::string number(double value, int decimals) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

std::string configuration(const Site& site) {
  const Plan& plan = site.plan();
  static constexpr std::array<const char*, 3> kinds{"climbing", "wrapped", "none"};
  const Wishes& wishes = plan.wishes;
  std::string corners;
  for (const Spot corner : site.clicked_corners())
    corners +=
        (corners.empty() ? "[" : ", [") + number(corner.x, 1) + ", " + number(corner.y, 1) + "]";
  std::string text = "[site]\nid = \"" + plan.site_id + "\"\ntime_zone = \"Asia/Shanghai\"\n\n";
  text += "[[building]]\nid = \"b1\"\nstoreys = " + std::to_string(plan.tower.storeys) +
          "\nstorey_height_m = " + number(plan.tower.storey_height, 2) + "\n\n";
  text += "[[camera]]\nid = \"mast\"\nimage_size = [" + std::to_string(wishes.width) + ", " +
          std::to_string(wishes.height) + "]\n\n[[camera.facade]]\nbuilding = \"b1\"\n";
  text += "scaffold = \"" + std::string(kinds[static_cast<std::size_t>(plan.tower.kind)]) + "\"\n";
  if (plan.start_at > 0 && wishes.tell_start)
    text += "storeys_at_start = " + std::to_string(plan.start_at) + "\n";
  return text + "corners = [" + corners + "]\n";
}

std::string truth(const Site& site) {
  std::string text = "at,file,condition,storeys,stage,topped_out,usable\n";
  for (const Shot& shot : site.shots()) {
    text += iso(shot.at) + "," + shot.file() + "," + shot.conditions() + "," +
            std::to_string(shot.tower.cast) + "," + name_of(shot.tower.stage) + "," +
            (shot.tower.parapet ? "1" : "0") + "," + shot.usable() + "\n";
  }
  return text;
}

std::string edge(const Plan& plan, double x) {
  const int top = plan.tower.storeys;
  std::string text;
  for (const int storey : std::set<int>{0, 1, 2, 3, 4, 5, top / 2, top}) {
    if (storey > top) continue;
    const Spot spot = plan.camera.lens.project({x, 0, storey * plan.tower.storey_height});
    text += (text.empty() ? "" : ", ") + ("{\"storey\": " + std::to_string(storey)) +
            ", \"xy\": [" + number(spot.x, 2) + ", " + number(spot.y, 2) + "]}";
  }
  return "[" + text + "]";
}

std::string calibration(const Site& site) {
  const Plan& plan = site.plan();
  const TowerPlan& t = plan.tower;
  const bool knocked = site.knocked_at() < site.shots().size();
  std::string cast;
  for (int k = 1; k <= t.storeys; ++k)
    cast += (k > 1 ? ",\n  \"" : "  \"") + std::to_string(k) + "\": \"" +
            iso(site.time_of(site.schedule().cast_day(k))) + "\"";
  return "{\n \"planned_storeys\": " + std::to_string(t.storeys) +
         ",\n \"storey_height_m\": " + number(t.storey_height, 2) +
         ",\n \"left_edge\": " + edge(plan, -t.width / 2) +
         ",\n \"right_edge\": " + edge(plan, t.width / 2) +
         ",\n \"shift_at_frame\": " + (knocked ? std::to_string(site.knocked_at()) : "null") +
         ",\n \"shift_px\": " + (knocked ? number(*plan.camera.knock_px, 1) : "0") +
         ",\n \"scaffold_offset\": " + number(t.kind == Kind::None ? 0 : t.offset, 2) +
         ",\n \"seed\": " + std::to_string(plan.wishes.seed) +
         ",\n \"storeys_at_start\": " + std::to_string(plan.start_at) + ",\n \"topping_out\": \"" +
         iso(site.time_of(site.schedule().topping_out_day())) + "\",\n \"cast\": {\n" + cast +
         "\n }\n}\n";
}

}  // namespace

void write_site(const Site& site, const std::string& folder) {
  const fs::path root(folder);
  fs::create_directories(root / "frames");
  write(root / "site.toml", configuration(site));
  write(root / "truth.csv", truth(site));
  write(root / "calibration.json", calibration(site));
  for (std::size_t i = 0; i < site.shots().size(); ++i)
    write(root / "frames" / site.shots()[i].file(), site.jpeg(i));
}

}  // namespace jieding::scenes
