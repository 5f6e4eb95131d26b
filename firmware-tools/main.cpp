#include <CLI/CLI.hpp>
#include <cstdlib>

#include "config/words.hpp"
#include "firmware-tools/commands.hpp"
#include "firmware-tools/program.hpp"

namespace {

using namespace jieding;

std::string wrong_place(const std::string& text) {
  const auto place = tools::parse_place(text);
  return place ? "" : place.error().text();
}
std::string wrong_duration(const std::string& text) {
  return config::parse_duration(text) ? "" : "write a duration such as 500ms, 10s, 2m, 1h";
}
std::string wrong_note(const std::string& text) {
  const auto read = tools::parse_recording(tools::first_line() + text + "\n");
  if (!read) return "'" + text + "': " + read.error().text();
  return read->header.empty() ? "'" + text + "': write KEY: VALUE" : "";
}

const char* user() {
  const char* name = std::getenv("USER");
  return name == nullptr ? "unknown" : name;
}

void add_record(CLI::App& app, tools::Record& what, std::string& longest) {
  CLI::App* command = app.add_subcommand("record", "write down what goes over a link");
  command->add_option("place", what.device_at, "where the device is, such as listen:0.0.0.0:9300")
      ->required()
      ->check(wrong_place);
  command->add_option("--to", what.to, "pass it on to there and back, such as tcp:127.0.0.1:9212")
      ->check(wrong_place);
  command->add_option("--out", what.out, "the recording (.log)")->required();
  command->add_option("--device", what.device, "maker and model, for the header")->required();
  command->add_option("--firmware", what.firmware, "of the device, for the header (unknown)");
  command->add_option("--who", what.who, "who records, for the header (you)");
  command->add_option("--note", what.notes, "a further header line, KEY: VALUE")
      ->allow_extra_args(false)
      ->check(wrong_note);
  command->add_option("--for", longest, "ends after so long (1h)")->check(wrong_duration);
  command->add_option("--most-mb", what.most_mb, "ends when the file is so large (16)")
      ->check(CLI::Range(1, 64));
  command->add_flag("--keep-secrets", what.keep_secrets,
                    "write passwords and tokens as they are; else they are replaced");
  command->add_flag("--force", what.force, "replace the file if it is there");
}

void add_replay(CLI::App& app, tools::Replay& what, std::string& patience) {
  CLI::App* command = app.add_subcommand("replay", "say again what a recorded device said");
  command->add_option("recording", what.recording, "a recording (.log)")->required();
  command->add_option("place", what.place, "where to, such as tcp:127.0.0.1:9212 or pty")
      ->required()
      ->check(wrong_place);
  command->add_flag("--as-gateway", what.play.as_gateway, "say what was said to the device");
  command->add_option("--speed", what.play.speed, "times as fast; 0: as fast as possible (1)")
      ->check(CLI::Range(0.0, 1e6));
  command->add_option("--wait", patience, "where the other side spoke, wait for it so long")
      ->check(wrong_duration);
}

void add_watch(CLI::App& app, tools::Watch& what, std::string& longest) {
  CLI::App* command =
      app.add_subcommand("watch", "look at a device through the gateway's own driver");
  command->add_option("what", what.of, "id of a device or camera, or name of a driver")->required();
  command->add_option("--config", what.config, "configuration file (TOML)")->required();
  command->add_option("--set", what.overrides, "key.path=value, replaces what the file says")
      ->allow_extra_args(false);
  command->add_option("--for", longest, "ends after so long")->check(wrong_duration);
  command->add_flag("--acknowledge", what.acknowledge,
                    "tell the device that all is stored, though nothing is: it will forget it");
}

Result<void> execute(const CLI::App& app, tools::Record& record, tools::Replay& replay,
                     tools::Watch& watch, const std::string& duration) {
  const auto time = config::parse_duration(duration);
  if (app.got_subcommand("record")) {
    record.longest = time.value_or(std::chrono::hours{1});
    return tools::record(record);
  }
  if (app.got_subcommand("replay")) {
    replay.play.patience = time;
    return tools::replay(replay);
  }
  watch.longest = time;
  return tools::watch(watch);
}

int run(int argc, char** argv) {
  CLI::App app{"Record, replay and watch the links of devices"};
  app.require_subcommand(1);
  app.set_version_flag("--version", JIEDING_VERSION);
  tools::Record record;
  record.firmware = "unknown";
  record.who = user();
  tools::Replay replay;
  tools::Watch watch;
  std::string duration;
  add_record(app, record, duration);
  add_replay(app, replay, duration);
  add_watch(app, watch, duration);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto done = execute(app, record, replay, watch, duration);
  return tools::told("jieding-link", done);
}

}  // namespace

int main(int argc, char** argv) {
  return jieding::tools::guarded("jieding-link", run, argc, argv);
}
