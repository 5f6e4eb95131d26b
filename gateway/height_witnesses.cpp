#include "gateway/height_witnesses.hpp"

namespace jieding {

std::vector<HeightWitness> height_witnesses(const config::Config& config) {
  std::vector<HeightWitness> witnesses;
  for (const config::Device& device : config.devices) {
    for (const auto& table : device.settings.get<std::vector<config::Settings>>("witness")) {
      HeightWitness witness;
      witness.device = device.id;
      witness.owner = device.owner;
      witness.building = device.building;
      witness.quantity = table.get<std::string>("quantity");
      witness.shows = table.get<std::string>("shows") == "hook" ? Shows::Hook : Shows::Floor;
      witness.zero = table.get("zero", witness.shows == Shows::Hook ? 0.0 : 1.0);
      witnesses.push_back(std::move(witness));
    }
  }
  return witnesses;
}

}  // namespace jieding
