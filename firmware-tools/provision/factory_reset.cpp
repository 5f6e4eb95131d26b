#include <iostream>

#include "firmware-tools/provision/box.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "sync/ledger.hpp"
#include "sync/ledger_audit.hpp"
#include "sync/ledger_export.hpp"
#include "sync/ledger_key.hpp"
#include "sync/picture_list.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

/// The record must outlive the box: exported, and read again as a stranger would. A box that never
/// ran has none.
Result<sync::Audit> keep_record(const Box& box, const config::Config& config,
                                const fs::path& folder) {
  const auto database = sync::open_to_read(box.state());
  if (!database) return database.error();
  const auto last = sync::ledger::last_checkpoint(**database);
  if (!last) return last.error();
  if (last->size == 0) return sync::Audit{};
  const auto signer = sync::load_signer(sync::key_file(box.state()),
                                        sync::ledger_origin(config.site.id, config.site.gateway));
  if (!signer) return signer.error();
  const auto head = sync::export_ledger(**database, signer->key(), folder);
  if (!head) return head.error();
  return sync::audit(folder, {signer->vkey(), std::nullopt});
}

/// Boxes that `create --force` put aside have keys, pictures and a record of their own.
void say_what_stays(const fs::path& folder) {
  const std::string aside = folder.filename().string() + ".before-";
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder.parent_path(), code)) {
    if (entry.path().filename().string().starts_with(aside))
      std::cout << "stays      " << entry.path().string()
                << ": a box that was put aside; reset it as well\n";
  }
}

void say(const FactoryReset& what, const Box& box) {
  std::cout << "erases     " << box.folder().string()
            << ": keys, tokens, pictures, readings, findings, configuration\n"
            << "keeps      " << what.ledger.string() << ": the signed record, to be verified\n";
  say_what_stays(box.folder());
}

/// Renamed first: killed half-way, nothing of it looks like a box, and the next call ends it.
Result<void> erase(const fs::path& folder, const fs::path& doomed) {
  std::error_code code;
  if (fs::exists(folder)) {
    if (auto moved = sync::real_files().rename(folder, doomed); !moved) return moved;
    if (auto synced = sync::real_files().sync_directory(doomed.parent_path()); !synced)
      return synced;
  }
  fs::remove_all(doomed, code);
  if (code)
    return Error{Fault::Internal, "cannot erase " + doomed.string() + ": " + code.message()};
  return sync::real_files().sync_directory(doomed.parent_path());
}

}  // namespace

Result<void> factory_reset(const FactoryReset& what) {
  const fs::path folder = fs::absolute(what.box).lexically_normal();
  const fs::path doomed = folder.string() + ".erased";
  const Box box(folder);
  if (!fs::exists(folder) && fs::exists(doomed)) {
    std::cout << "ends a reset that was interrupted: " << doomed.string() << '\n';
    return what.yes ? erase(folder, doomed)
                    : Result<void>(Error{Fault::Refused, "nothing was done; add --yes"});
  }
  const auto config = box.load();
  if (!config) return config.error();
  const fs::path inside = fs::absolute(what.ledger).lexically_normal().lexically_relative(folder);
  if (!inside.empty() && *inside.begin() != "..")
    return Error{Fault::Invalid,
                 what.ledger.string() + " lies in the box; keep the record elsewhere"};
  const auto lock = sync::StateLock::take(box.state());
  if (!lock) return lock.error().in("stop the gateway first");
  say(what, box);
  if (!what.yes) return Error{Fault::Refused, "nothing was done; add --yes"};
  const auto kept = keep_record(box, *config, what.ledger);
  if (!kept) return kept.error().in("nothing was erased, the record could not be kept");
  std::cout << "kept       " << kept->checkpoint.size << " leaves, verified\n";
  if (auto gone = erase(folder, doomed); !gone) return gone;
  std::cout << "erased     " << folder.string()
            << ". Flash may keep what was erased: encrypt the disk, or destroy it\n";
  return {};
}

}  // namespace jieding::tools::provision
