#include <fstream>
#include <iostream>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/new_file.hpp"
#include "sync/ledger_audit.hpp"
#include "sync/ledger_export.hpp"
#include "sync/ledger_key.hpp"
#include "sync/milestone_table.hpp"
#include "sync/picture_list.hpp"
#include "sync/state_folder.hpp"
#include "sync/tlog_proof.hpp"

namespace jieding::commands {
namespace {

/// The ledger of a configuration, to read beside a running gateway.
struct OpenLedger {
  std::unique_ptr<sync::Database> database;
  sync::VerifierKey key;
};

Result<OpenLedger> open_ledger(const config::Config& config) {
  auto database = sync::open_to_read(config.storage.state);
  if (!database) return database.error();
  const auto signer = sync::load_signer(sync::key_file(config.storage.state),
                                        sync::ledger_origin(config.site.id, config.site.gateway));
  if (!signer) return signer.error();
  return OpenLedger{std::move(*database), signer->key()};
}

void print_key(const sync::VerifierKey& key) {
  std::cout << "key          " << key.vkey() << '\n'
            << "fingerprint  " << key.fingerprint() << '\n';
}

Result<std::string> read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open()) return Error{Fault::NotFound, "cannot read " + name};
  return text;
}

int verify_proof(const std::string& file, const std::string& key) {
  const auto vkey = sync::parse_vkey(key);
  if (!vkey)
    return complain({Fault::Invalid, "a proof is checked with the whole key: --key name+hash+key"});
  const auto text = read_file(file);
  if (!text) return complain(text.error());
  const auto proof = sync::tlog::proof_from_text(*text);
  if (!proof) return complain(proof.error().in(file));
  if (const auto sound = sync::tlog::verify(*proof, proof->extra, *vkey); !sound)
    return complain(sound.error().in(file));
  std::cout << "leaf " << proof->index << " is in the ledger of " << vkey->name << ":\n"
            << proof->extra << '\n';
  return 0;
}

}  // namespace

int ledger_key(const Source& source) {
  const auto config = load(source);
  if (!config) return 1;
  const auto signer = sync::load_signer(sync::key_file(config->storage.state),
                                        sync::ledger_origin(config->site.id, config->site.gateway));
  if (!signer) return complain(signer.error());
  print_key(signer->key());
  return 0;
}

int ledger_export(const Source& source, const std::string& folder) {
  const auto config = load(source);
  if (!config) return 1;
  const auto ledger = open_ledger(*config);
  if (!ledger) return complain(ledger.error());
  const auto head = sync::export_ledger(*ledger->database, ledger->key, folder);
  if (!head) return complain(head.error());
  std::cout << head->size << " leaves in " << folder << "; check it with `jieding ledger verify "
            << folder << "`\n";
  print_key(ledger->key);
  return 0;
}

int ledger_verify(const LedgerCheck& what) {
  if (!std::filesystem::is_directory(what.path)) return verify_proof(what.path, what.key);
  sync::AuditWishes wishes{what.key, std::nullopt};
  if (!what.against.empty()) {
    auto older = read_file(what.against);
    if (!older) return complain(older.error());
    wishes.older = std::move(*older);
  }
  const auto audit = sync::audit(what.path, wishes);
  if (!audit) return complain(audit.error());
  std::cout << audit->checkpoint.origin << ": all " << audit->checkpoint.size
            << " leaves are as they were signed\n";
  print_key(audit->key);
  for (const auto& change : audit->changes)
    std::cout << "leaf " << change.index
              << (change.lost ? ": the key was lost, another one began: "
                              : ": the key was changed, signed by the one before: ")
              << change.key << '\n';
  if (audit->older)
    std::cout << "nothing was rewritten since the checkpoint of " << audit->older->size
              << " leaves\n";
  if (what.key.empty())
    std::cout << "compare the fingerprint with the notice board, or give it: --key\n";
  return 0;
}

int ledger_prove(const Source& source, const LedgerProof& what) {
  const auto config = load(source);
  if (!config) return 1;
  const auto ledger = open_ledger(*config);
  if (!ledger) return complain(ledger.error());
  sync::Database& database = *ledger->database;
  const auto milestone =
      sync::milestone_table::load(database, {what.building, what.milestone, what.storey});
  if (!milestone) return complain(milestone.error());
  if (milestone->milestone.status == Status::None)
    return complain({Fault::NotFound, "the ledger says nothing of " + what.milestone + " of " +
                                          what.building + "; a storey needs --storey"});
  const std::uint64_t index = milestone->ledger_index;
  const auto head = sync::ledger::last_checkpoint(database);
  if (!head) return complain(head.error());
  const auto leaf = sync::ledger::leaf(database, index);
  if (!leaf) return complain(leaf.error());
  const auto path = sync::ledger::inclusion_proof(database, index, head->size);
  if (!path) return complain(path.error());
  const sync::tlog::Proof proof{*leaf, index, *path, head->note};
  auto file = NewFile::begin(what.out, what.force);
  if (!file) return complain(file.error());
  auto written = file->write_at(0, sync::tlog::to_text(proof));
  if (written) written = file->finish();
  if (!written) return complain(written.error());
  std::cout << "leaf " << index << " of " << head->size << " in " << what.out << '\n';
  print_key(ledger->key);
  return 0;
}

int ledger_rotate_key(const Source& source, bool lost) {
  const auto config = load(source);
  if (!config) return 1;
  const auto rotation = sync::rotate_ledger_key(config->storage.state, config->site.id,
                                                config->site.gateway, SystemClock().now(), lost);
  if (!rotation) return complain(rotation.error());
  std::cout << "leaf " << rotation->index << " says so; print the new fingerprint for the notice "
            << "board and give it to the platform\n";
  print_key(rotation->key);
  return 0;
}

}  // namespace jieding::commands
