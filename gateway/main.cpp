#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/rollout.hpp"

namespace {

using namespace jieding;

/// A subcommand that takes the configuration; `action` runs after parsing.
CLI::App* add(CLI::App& parent, const char* name, const char* purpose, commands::Source& source) {
  CLI::App* command = parent.add_subcommand(name, purpose);
  command->add_option("--config", source.file, "configuration file (TOML)")->required();
  command->add_option("--set", source.overrides, "key.path=value, replaces what the file says");
  return command;
}

int execute(int argc, char** argv) {
  CLI::App app{"Jieding, the gateway of a building site"};
  app.require_subcommand(1);
  app.set_version_flag("--version", JIEDING_VERSION);
  commands::Source source;
  commands::Mirror mirror;
  commands::Replay replay;
  commands::Timelapse film;
  commands::Calibrate facade;
  commands::Quarantine quarantined;
  commands::SupportBundle support;
  commands::LedgerCheck ledger_check;
  commands::LedgerProof proof;
  commands::RolloutStart rollout;
  std::string user, folder, image;
  bool read_only = false, key_is_lost = false, deep = false;
  std::function<int()> action;
  const auto on = [&action](CLI::App* command, std::function<int()> what) {
    command->callback([&action, what = std::move(what)] { action = what; });
  };

  CLI::App* running = add(app, "run", "run the gateway", source);
  running->add_flag("--read-only", read_only, "only show the record, sound or not");
  on(running, [&] { return commands::run(source, read_only); });
  CLI::App* checking = add(app, "check", "find what is wrong before it goes wrong", source);
  checking->add_flag("--deep", deep, "also try broker, cameras, disk, serial ports, slots");
  on(checking, [&] { return commands::check(source, deep); });

  CLI::App* supporting =
      add(app, "support-bundle", "what somebody far away needs to see, without secrets", source);
  supporting->add_option("--out", support.out, "FILE.tar.gz")->required();
  supporting->add_option("--log", support.log, "file with the log; else the journal's");
  supporting->add_flag("--force", support.force, "replace the file if it is there");
  on(supporting, [&] { return commands::support_bundle(source, support); });

  CLI::App* replaying = add(app, "replay", "let vision see a folder of pictures", source);
  replaying->add_option("--camera", replay.camera, "camera id in the configuration")->required();
  replaying->add_option("--frames", replay.frames, "folder of YYYYMMDDThhmmssZ.jpg")->required();
  replaying->add_option("--out", replay.out, "JSON lines, one per frame")->required();
  replaying->add_option("--milestones", replay.milestones, "JSON lines, one per milestone");
  on(replaying, [&] { return commands::replay(source, replay); });

  CLI::App* calibrating =
      add(app, "calibrate", "propose a facade's corners from a picture", source);
  calibrating->add_option("--camera", facade.camera, "camera id in the configuration")->required();
  calibrating->add_option("--picture", facade.picture, "JPEG in which a part stands")->required();
  calibrating->add_option("--out", facade.out, "JPEG for checking: the proposal drawn")->required();
  calibrating->add_option("--building", facade.building, "building id, where there are several");
  calibrating->add_option("--storeys-visible", facade.storeys_visible,
                          "how many storeys stand; with --corners: how many they span");
  calibrating->add_option("--corners", facade.corners,
                          "four of x,y: ground left, ground right, top right, top left of what "
                          "stands; left out: found by itself");
  calibrating
      ->add_option("--click-error", facade.click_error_px,
                   "standard deviation of a corner, in pixels (1)")
      ->check(CLI::Range(0.1, 50.0));
  calibrating->add_flag("--force", facade.force, "replace the drawn picture if it is there");
  on(calibrating, [&] { return commands::calibrate(source, facade); });

  CLI::App* filming = add(app, "timelapse", "make a film of a camera's stored pictures", source);
  filming->add_option("--camera", film.camera, "camera id in the configuration")->required();
  filming->add_option("--from", film.from, "first day, such as 2024-08-22")->required();
  filming->add_option("--to", film.to, "last day")->required();
  filming->add_option("--out", film.out, "MP4 file (H.264)")->required();
  filming->add_option("--fps", film.fps, "pictures a second (12)")->check(CLI::Range(1, 60));
  filming->add_option("--size", film.size, "such as 1280x720; else as the first picture");
  filming->add_flag("--force", film.force, "replace the file if it is there");
  on(filming, [&] { return commands::timelapse(source, film); });

  CLI::App* link = app.add_subcommand("link", "print an address that lets somebody in");
  link->require_subcommand(1);
  on(add(*link, "viewer", "for everybody who may look", source),
     [&] { return commands::link_viewer(source); });
  CLI::App* sign_in = add(*link, "sign-in", "once, for a user of the configuration", source);
  sign_in->add_option("--user", user, "user id")->required();
  on(sign_in, [&] { return commands::link_sign_in(source, user); });

  CLI::App* mirroring =
      app.add_subcommand("mirror", "keep a folder as the page is, for any web server");
  mirroring->add_option("--link", mirror.link, "file with the viewer link (jieding link viewer)")
      ->required();
  mirroring->add_option("--out", mirror.out, "folder: empty, or of an earlier mirror")->required();
  mirroring->add_option("--every", mirror.every_s, "seconds from one round to the next (30)")
      ->check(CLI::Range(5, 86'400));
  mirroring->add_flag("--once", mirror.once, "one round only");
  mirroring->add_option("--most-pictures", mirror.most_pictures, "newest first (2000)")
      ->check(CLI::Range(0, 100'000));
  auto* authority = mirroring->add_option("--ca-file", mirror.ca_file,
                                          "PEM: who vouches for the box's certificate");
  mirroring->add_option("--fingerprint", mirror.fingerprint, "SHA-256 of the box's own certificate")
      ->excludes(authority);
  on(mirroring, [&] { return commands::mirror(mirror); });

  CLI::App* outbox = app.add_subcommand("outbox", "what the platform does not have yet");
  outbox->require_subcommand(1);
  on(add(*outbox, "status", "counts by lane", source),
     [&] { return commands::outbox_status(source); });

  CLI::App* ledger = app.add_subcommand("ledger", "the signed record: take it out, check it");
  ledger->require_subcommand(1);
  on(add(*ledger, "key", "print the public key and its fingerprint", source),
     [&] { return commands::ledger_key(source); });
  CLI::App* ledger_export = add(*ledger, "export", "write it to a folder (tlog-tiles)", source);
  ledger_export->add_option("folder", folder, "empty, or of an earlier export")->required();
  on(ledger_export, [&] { return commands::ledger_export(source, folder); });
  CLI::App* verify = ledger->add_subcommand("verify", "check an exported folder, or a proof");
  verify->add_option("path", ledger_check.path, "folder, or FILE.tlog-proof")->required();
  verify->add_option("--key", ledger_check.key, "fingerprint from the notice board, or whole key");
  verify->add_option("--against", ledger_check.against, "file of an older checkpoint");
  on(verify, [&] { return commands::ledger_verify(ledger_check); });
  CLI::App* prove = add(*ledger, "prove", "write a proof of one milestone (tlog-proof)", source);
  prove->add_option("--building", proof.building, "building id")->required();
  prove->add_option("--milestone", proof.milestone, "such as topping_out")->required();
  prove->add_option("--storey", proof.storey, "of storey_cast");
  prove->add_option("--out", proof.out, "FILE.tlog-proof")->required();
  prove->add_flag("--force", proof.force, "replace the file if it is there");
  on(prove, [&] { return commands::ledger_prove(source, proof); });
  CLI::App* rotate = add(*ledger, "rotate-key", "sign with a new key from here on", source);
  rotate->add_flag("--lost", key_is_lost, "the old key is gone, or known to others");
  on(rotate, [&] { return commands::ledger_rotate_key(source, key_is_lost); });

  CLI::App* quarantine = app.add_subcommand("quarantine", "what the doors refused, and why");
  quarantine->require_subcommand(1);
  CLI::App* listing = add(*quarantine, "list", "newest first", source);
  listing->add_option("--count", quarantined.count, "at most so many (50)");
  on(listing, [&] { return commands::quarantine_list(source, quarantined); });
  CLI::App* exporting = add(*quarantine, "export", "with all bytes, to look into", source);
  exporting->add_option("--out", quarantined.out, "JSON lines, bytes in base64")->required();
  exporting->add_flag("--force", quarantined.force, "replace the file if it is there");
  on(exporting, [&] { return commands::quarantine_export(source, quarantined); });
  for (CLI::App* each : {listing, exporting}) {
    each->add_option("--device", quarantined.device, "of this device only");
    each->add_option("--reason", quarantined.reason, "of this reason only, such as crc");
  }

  CLI::App* rolling = app.add_subcommand("rollout", "bring firmware to sensor nodes, one by one");
  rolling->require_subcommand(1);
  CLI::App* keeping = add(*rolling, "keep", "verify an image and keep it to roll out", source);
  keeping->add_option("image", image, "signed image (jieding-image)")->required();
  on(keeping, [&] { return commands::rollout_keep(source, image); });
  CLI::App* starting = add(*rolling, "start", "ask the running gateway to begin", source);
  starting->add_option("--image", rollout.image, "SHA-256 of a kept image")->required();
  auto* all = starting->add_flag("--all", rollout.all, "nodes of the configuration");
  starting->add_flag("--allow-older", rollout.allow_older, "a version before what a node runs");
  starting->add_option("nodes", rollout.nodes, "ids, in the order in which they come")
      ->excludes(all);
  on(starting, [&] { return commands::rollout_start(source, rollout); });
  on(add(*rolling, "stop", "begin no further node", source),
     [&] { return commands::rollout_stop(source); });
  on(add(*rolling, "status", "images, nodes, the newest rollout", source),
     [&] { return commands::rollout_status(source); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return execute(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "jieding: " << error.what() << '\n';
    return 1;
  }
}
