#include <CLI/CLI.hpp>
#include <functional>

#include "firmware-tools/program.hpp"
#include "firmware-tools/provision/commands.hpp"

namespace {

using namespace jieding;
namespace provision = tools::provision;

CLI::App* add(CLI::App& app, const char* name, const char* purpose, std::filesystem::path& box) {
  CLI::App* command = app.add_subcommand(name, purpose);
  command->add_option("box", box, "the box's folder")->required();
  return command;
}

void add_dry_run(CLI::App* command, bool& dry_run) {
  command->add_flag("--dry-run", dry_run, "only say what would be done");
}

int run(int argc, char** argv) {
  CLI::App app{"Make a box: keys, certificate, tokens, configuration, sheet for the notice board"};
  app.require_subcommand(1);
  app.set_version_flag("--version", JIEDING_VERSION);
  std::function<Result<void>()> action;
  const auto on = [&action](CLI::App* command, std::function<Result<void>()> what) {
    command->callback([&action, what = std::move(what)] { action = what; });
  };

  provision::Create create;
  CLI::App* creating = app.add_subcommand("create", "make a box from the installer's answers");
  creating->add_option("answers", create.answers, "TOML; what it names lies beside it")->required();
  creating->add_option("box", create.box, "the folder to make")->required();
  creating->add_option("--owner", create.owner, "USER or USER:GROUP that the gateway runs as");
  creating->add_flag("--force", create.force, "put a box that is there aside");
  add_dry_run(creating, create.dry_run);
  on(creating, [&] { return provision::create(create); });

  std::filesystem::path sheet;
  on(add(app, "sheet", "write the sheet again, with a new viewer link", sheet),
     [&] { return provision::print_sheet(sheet); });

  provision::Renew renew;
  CLI::App* renewing = add(app, "renew", "a new certificate for the same key", renew.box);
  renewing->add_option("--certificate", renew.certificate, "what the authority signed (PEM)");
  add_dry_run(renewing, renew.dry_run);
  on(renewing, [&] { return provision::renew(renew); });

  provision::Rotate rotate;
  CLI::App* rotating = add(app, "rotate", "another key or token instead of one", rotate.box);
  rotating->add_option("what", rotate.what, "tls, ledger, or the id of a device or camera")
      ->required();
  add_dry_run(rotating, rotate.dry_run);
  on(rotating, [&] { return provision::rotate(rotate); });

  provision::Revoke revoke;
  CLI::App* revoking = add(app, "revoke", "shut somebody or something out", revoke.box);
  CLI::Option_group* whom = revoking->add_option_group("whom");
  whom->add_option("--device", revoke.device, "its token; a camera's too");
  whom->add_option("--user", revoke.user, "links and sessions");
  whom->add_flag("--viewers", revoke.viewers, "all viewer links; a new sheet has the new one");
  whom->require_option(1);
  add_dry_run(revoking, revoke.dry_run);
  on(revoking, [&] { return provision::revoke(revoke); });

  provision::FactoryReset reset;
  CLI::App* resetting =
      add(app, "factory-reset", "erase keys, pictures and all else but the record", reset.box);
  resetting->add_option("--ledger", reset.ledger, "folder where the record is kept")->required();
  resetting->add_flag("--yes", reset.yes, "do it; else only say what would be done");
  on(resetting, [&] { return provision::factory_reset(reset); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto done = action();
  return tools::told("jieding-provision", done);
}

}  // namespace

int main(int argc, char** argv) {
  return jieding::tools::guarded("jieding-provision", run, argc, argv);
}
