#include "tests/vision/site.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace jieding::vision {

CameraSetup read_site(const std::filesystem::path& folder) {
  const toml::table file = toml::parse_file((folder / "site.toml").string());
  const auto& camera = *file["camera"][0].as_table();
  const auto& facade = *camera["facade"][0].as_table();
  CameraSetup out;
  out.id = camera["id"].value<std::string>().value();
  out.width_px = camera["image_size"][0].value<int>().value();
  out.height_px = camera["image_size"][1].value<int>().value();
  FacadeSetup f;
  f.building = facade["building"].value<std::string>().value();
  f.storeys = file["building"][0]["storeys"].value<int>().value();
  f.storey_height_m = file["building"][0]["storey_height_m"].value_or(2.9);
  f.storeys_at_start = facade["storeys_at_start"].value_or(0);
  const auto scaffold = facade["scaffold"].value_or<std::string>("");
  f.scaffold = scaffold == "climbing"  ? Scaffold::Climbing
               : scaffold == "wrapped" ? Scaffold::Wrapped
               : scaffold == "none"    ? Scaffold::None
                                       : Scaffold::Unknown;
  for (std::size_t i = 0; i < 4; ++i)
    f.corners[i] = {facade["corners"][i][0].value<double>().value(),
                    facade["corners"][i][1].value<double>().value()};
  out.facades.push_back(f);
  return out;
}

std::vector<std::filesystem::path> pictures_of(const std::filesystem::path& folder,
                                               std::size_t first, std::size_t count) {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "frames"))
    all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(std::min(first, all.size()));
  const auto left = static_cast<std::size_t>(all.end() - begin);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(count, left))};
}

Frame frame_of(const std::filesystem::path& file, const std::string& camera) {
  Frame out;
  out.camera = camera;
  out.name = file.filename().string();
  out.taken = from_basic_utc(file.stem().string()).value();
  out.bytes = read_file(file);
  return out;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace jieding::vision
