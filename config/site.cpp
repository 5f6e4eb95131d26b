// [site] [clock] [storage] [milestones] [findings] [vision] [update] [[user]]

#include <algorithm>
#include <array>

#include "config/sections.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

/// Owners that a person may stand for, as they are written in the file.
constexpr std::array<std::string_view, 3> roles{"group", "contractor", "operator"};
constexpr std::array<Owner, 3> role_owners{Owner::Group, Owner::Contractor, Owner::Operator};

constexpr std::array<std::string_view, 2> clock_modes{"system", "playback"};

}  // namespace

void read_storage(Table& root, Storage& storage) {
  if (auto table = root.table("storage")) {
    table->path("state", storage.state);
    table->integer("keep_free_mb", storage.keep_free_mb, Range<std::int64_t>{1, 1'000'000});
    table->integer("quarantine_rows", storage.quarantine_rows, Range<std::int64_t>{0, 1'000'000});
    table->integer("telemetry_backlog_mb", storage.telemetry_backlog_mb,
                   Range<std::int64_t>{1, 1'000'000});
    table->refuse_unknown();
  }
}

void read_site(Table& root, Site& site) {
  if (!root.has("site")) {
    root.must_have("site", "{ id = \"...\" }, as a section: [site]");
    return;
  }
  auto table = root.table("site");
  if (!table) return;
  table->must_have("id", "\"...\"");
  table->id("id", site.id);
  table->id("gateway", site.gateway);
  site.name = site.id;
  table->text("name", site.name);
  table->duration("silent_after", site.silent_after, silence_range);
  if (table->text("time_zone", site.time_zone) && site.time_zone != "Asia/Shanghai") {
    // Days and deadlines are reckoned at a fixed UTC+8; a wrong zone would misdate milestones.
    table->complain("time_zone",
                    "this version reckons days in Asia/Shanghai only; write \"Asia/Shanghai\"");
  }
  table->refuse_unknown();
}

void read_milestones(Table& root, Milestones& milestones) {
  if (auto table = root.table("milestones")) {
    table->integer("agreement_days", milestones.agreement_days, Range<int>{0, 366});
    table->integer("quorum", milestones.quorum, Range<int>{1, 100});
    table->refuse_unknown();
  }
}

void read_findings(Table& root, Findings& findings) {
  if (auto table = root.table("findings")) {
    table->integer("due_days", findings.due_days, Range<int>{1, 366});
    table->refuse_unknown();
  }
}

void read_vision(Table& root, Vision& vision) {
  if (auto table = root.table("vision")) {
    table->path("executable", vision.executable);
    table->duration("frame_timeout", vision.frame_timeout, {1s, 1h});
    table->refuse_unknown();
  }
}

void read_update(Table& root, Update& update) {
  if (auto table = root.table("update")) {
    update.program = "/usr/bin/rauc";
    table->path("program", update.program);
    table->duration("wait", update.wait, {0s, 24h});
    table->refuse_unknown();
  }
}

void read_users(Table& root, std::vector<User>& users) {
  for (auto& table : root.tables("user")) {
    User user;
    table.must_have("id", "\"...\"");
    if (table.id("id", user.id) && std::any_of(users.begin(), users.end(), [&](const User& other) {
          return other.id == user.id;
        })) {
      table.complain("id", "another [[user]] has this id; choose another one");
    }
    user.name = user.id;
    table.text("name", user.name);
    table.must_have("role", "\"group\"");
    if (const auto role = table.choice("role", roles)) user.role = role_owners[*role];
    table.refuse_unknown();
    users.push_back(std::move(user));
  }
}

void read_clock(Table& root, Config& config) {
  auto table = root.table("clock");
  if (!table) return;
  if (const auto mode = table->choice("mode", clock_modes)) {
    config.clock.mode = *mode == 1 ? ClockMode::Playback : ClockMode::System;
  }
  const bool playback = config.clock.mode == ClockMode::Playback;
  if (playback)
    table->must_have("camera", "the id of the [[camera]] whose pictures turn the clock");
  if (table->id("camera", config.clock.camera)) {
    if (!playback) {
      table->complain("camera", "only mode = \"playback\" follows a camera; remove it");
    } else if (config.camera(config.clock.camera) == nullptr) {
      table->complain("camera", "no [[camera]] has this id; write the id of one");
    }
  }
  table->refuse_unknown();
}

}  // namespace jieding::config
