#include "gateway/domain/observation.hpp"

#include <array>

#include "gateway/domain/names.hpp"

namespace jieding {
namespace {

constexpr std::array<std::string_view, 8> stage_names{"site_clearing",  "excavation", "foundation",
                                                      "superstructure", "topped_out", "facade",
                                                      "external_works", "completed"};
constexpr std::array<std::string_view, 5> state_names{"background", "working", "frame", "infilled",
                                                      "facade"};

}  // namespace

std::string_view to_text(Stage stage) {
  return stage_names.at(static_cast<std::size_t>(stage));
}
std::string_view to_text(StoreyState state) {
  return state_names.at(static_cast<std::size_t>(state));
}
std::string to_digits(const std::vector<StoreyState>& bands) {
  std::string digits;
  for (const StoreyState state : bands)
    digits += static_cast<char>('0' + static_cast<int>(state));
  return digits;
}
std::optional<Stage> stage_from_text(std::string_view text) {
  return enumerator<Stage>(stage_names, text);
}
std::optional<StoreyState> storey_state_from_text(std::string_view text) {
  return enumerator<StoreyState>(state_names, text);
}

}  // namespace jieding
