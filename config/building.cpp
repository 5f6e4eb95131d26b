// [[building]]

#include <algorithm>
#include <optional>
#include <utility>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

std::optional<Plan> read_plan(Table& building) {
  auto table = building.table("plan");
  if (!table) return std::nullopt;
  table->must_have("zero_level", "the planned day of ±0.00, such as \"2024-07-01\"");
  table->must_have("topping_out", "the planned day of topping-out, such as \"2024-10-25\"");
  Plan plan;
  const bool begins = table->day("zero_level", plan.zero_level);
  const bool ends = table->day("topping_out", plan.topping_out);
  table->refuse_unknown();
  if (!begins || !ends) return std::nullopt;
  if (plan.topping_out <= plan.zero_level) {
    table->complain("topping_out", "is not after zero_level; write the later day");
    return std::nullopt;
  }
  return plan;
}

}  // namespace

void read_buildings(Table& root, std::vector<Building>& buildings) {
  for (auto& table : root.tables("building")) {
    Building building;
    table.must_have("id", "\"...\"");
    if (table.id("id", building.id) &&
        std::any_of(buildings.begin(), buildings.end(),
                    [&](const Building& other) { return other.id == building.id; })) {
      table.complain("id", "another [[building]] has this id; choose another one");
    }
    building.name = building.id;
    table.text("name", building.name);
    table.must_have("storeys", "the planned number above ground");
    table.integer("storeys", building.storeys, Range<int>{1, most_storeys});
    table.number("storey_height_m", building.storey_height_m,
                 Range<double>{least_storey_height_m, most_storey_height_m});
    building.plan = read_plan(table);
    table.refuse_unknown();
    buildings.push_back(std::move(building));
  }
}

}  // namespace jieding::config
