#include "vision/camera_setup.hpp"

namespace jieding::vision {
namespace {

std::string fault_of(const FacadeSetup& facade, std::array<int, 2> size) {
  if (facade.storeys < 1 || facade.storeys > most_storeys)
    return "storeys must be 1 to " + std::to_string(most_storeys);
  if (facade.storeys_at_start < 0 || facade.storeys_at_start > facade.storeys)
    return "storeys_at_start must be 0 to storeys";
  if (!(facade.storey_height_m >= least_storey_height_m &&
        facade.storey_height_m <= most_storey_height_m))
    return "storey_height_m is no height of a storey";
  if (facade.name.size() > longest_name)
    return "name must have at most " + std::to_string(longest_name) + " bytes";
  const std::string wrong = wrong_corners(facade.corners, size);
  return wrong.empty() ? wrong : "corners: " + wrong;
}

}  // namespace

std::string fault_of(const CameraSetup& setup) {
  const std::array<int, 2> size{setup.width_px, setup.height_px};
  if (const std::string wrong = wrong_image_size(size); !wrong.empty())
    return "image_size: " + wrong;
  if (setup.facades.size() > most_facades)
    return "at most " + std::to_string(most_facades) + " facades can be marked";
  for (const auto& polygon : setup.masks)
    if (const std::string wrong = wrong_mask(polygon, size); !wrong.empty())
      return "mask: " + wrong;
  for (const FacadeSetup& facade : setup.facades)
    if (const std::string wrong = fault_of(facade, size); !wrong.empty())
      return "building " + facade.building + ": " + wrong;
  return {};
}

}  // namespace jieding::vision
