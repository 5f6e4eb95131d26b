// [project] [[phase]] [[facility]] [policy]

#include <algorithm>
#include <array>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

constexpr std::array<std::string_view, 2> siting_words{"in_place", "new_site"};
constexpr std::array<Siting, 2> sitings{Siting::InPlace, Siting::NewSite};

/// Milestones are said of ids, so no two things may share one.
void read_subject_id(Table& table, const Config& config, std::string& id) {
  table.must_have("id", "\"...\"");
  std::string read;
  if (!table.id("id", read)) return;
  if (config.is_subject(read))
    table.complain("id", "a building, phase, facility or the project has this id; choose another");
  else
    id = read;
}

bool is_taken(const std::vector<Phase>& phases, const std::string& building) {
  return std::any_of(phases.begin(), phases.end(), [&](const Phase& phase) {
    return std::find(phase.buildings.begin(), phase.buildings.end(), building) !=
           phase.buildings.end();
  });
}

void read_phase(Table& table, Config& config) {
  Phase phase;
  read_subject_id(table, config, phase.id);
  phase.name = phase.id;
  table.text("name", phase.name);
  table.must_have("buildings", "[\"...\"]");
  if (table.text_list("buildings", phase.buildings)) {
    if (phase.buildings.empty()) table.complain("buildings", "names none; name some");
    for (const std::string& id : phase.buildings) {
      if (config.building(id) == nullptr)
        table.complain("buildings", "no [[building]] has the id \"" + id + "\"; write ids of some");
      else if (is_taken(config.project.phases, id))
        table.complain("buildings", "\"" + id + "\" is in another phase already; remove it here");
    }
  }
  table.refuse_unknown();
  config.project.phases.push_back(std::move(phase));
}

void read_facility(Table& table, Config& config) {
  Facility facility;
  read_subject_id(table, config, facility.id);
  facility.name = facility.id;
  table.text("name", facility.name);
  table.must_have("kind", "\"road\", or another kind that the policy knows");
  table.id("kind", facility.kind);
  const auto& phases = config.project.phases;
  if (table.id("phase", facility.phase) &&
      std::none_of(phases.begin(), phases.end(),
                   [&](const Phase& phase) { return phase.id == facility.phase; })) {
    table.complain("phase", "no [[phase]] has this id; write the id of one");
  }
  table.refuse_unknown();
  config.project.facilities.push_back(std::move(facility));
}

/// Without phases all buildings are one.
void make_one_phase(Table& root, Config& config) {
  if (config.is_subject("phase"))
    root.complain("phase", "\"phase\" is the id of something else; write a [[phase]]");
  Phase phase{"phase", config.project.name, {}};
  for (const Building& building : config.buildings)
    phase.buildings.push_back(building.id);
  if (!phase.buildings.empty()) config.project.phases.push_back(std::move(phase));
}

void every_building_has_a_phase(Table& root, const Config& config) {
  for (const Building& building : config.buildings)
    if (!is_taken(config.project.phases, building.id))
      root.complain("phase",
                    "no [[phase]] has the building \"" + building.id + "\"; add it to one");
}

}  // namespace

void read_project(Table& root, Config& config) {
  Project& project = config.project;
  project.name = config.site.name;
  if (auto table = root.table("project")) {
    table->id("id", project.id);
    table->text("name", project.name);
    if (const auto siting = table->choice("siting", siting_words))
      project.siting = sitings[*siting];
    table->refuse_unknown();
  }
  if (config.building(project.id) != nullptr)
    root.complain("project",
                  "a building has its id \"" + project.id + "\"; give [project] another");
  for (auto& table : root.tables("phase"))
    read_phase(table, config);
  if (project.phases.empty())
    make_one_phase(root, config);
  else
    every_building_has_a_phase(root, config);
  for (auto& table : root.tables("facility"))
    read_facility(table, config);
  if (auto table = root.table("policy")) {
    table->must_have("file", "\"policy/hangzhou.toml\"");
    table->path("file", config.policy_file);
    table->refuse_unknown();
  }
}

}  // namespace jieding::config
