#include "sync/ledger_key.hpp"

#include <optional>

#include "sync/file_system.hpp"
#include "sync/key_change.hpp"
#include "sync/ledger.hpp"
#include "sync/ledger_check.hpp"
#include "sync/state_folder.hpp"

namespace jieding::sync {
namespace {

namespace fs = std::filesystem;

/// A new key rests here until the event that tells of it is committed.
fs::path next_key_file(const fs::path& state) {
  return state / "secrets" / "ledger.key.next";
}

Result<void> put_in_force(const fs::path& state) {
  const fs::path file = key_file(state);
  if (auto moved = real_files().rename(next_key_file(state), file); !moved) return moved;
  return real_files().sync_directory(file.parent_path());
}

Error wrong_key(const fs::path& state) {
  return {Fault::Conflict,
          key_file(state).string() +
              " is not the key that signed the ledger's last checkpoint; "
              "put the right one back, or, if it is lost, run `jieding ledger rotate-key --lost`"};
}

/// `name+hash` of the key that signed a note, as far as its first signature line tells.
std::string signed_by(const std::string& note, const std::string& origin) {
  const std::string mark = "\n\xE2\x80\x94 " + origin + " ";
  const std::size_t at = note.find(mark);
  if (at == std::string::npos) return origin;
  const std::size_t begin = at + mark.size();
  const auto stamped = from_base64(note.substr(begin, note.find('\n', begin) - begin));
  if (!stamped || stamped->size() < 4) return origin;
  return origin + "+" + to_hex(std::string_view(*stamped).substr(0, 4));
}

}  // namespace

std::string ledger_origin(const std::string& site, const std::string& gateway) {
  return "jieding/" + site + "/" + gateway;
}

Result<Signer> ledger_signer(Database& database, const fs::path& state, const std::string& origin) {
  const Result<SignedCheckpoint> last = ledger::last_checkpoint(database);
  if (!last) return last.error();
  Result<Signer> signer = load_signer(key_file(state), origin);
  const bool missing = !signer && signer.error().kind() == Fault::NotFound;
  if (last->size == 0) return missing ? create_signer(key_file(state), origin) : signer;
  if (!signer && !missing) return signer;
  if (signer && open_note(last->note, signer->key())) return signer;
  Result<Signer> next = load_signer(next_key_file(state), origin);
  if (!next || !open_note(last->note, next->key())) return wrong_key(state);
  if (auto moved = put_in_force(state); !moved) return moved.error();
  return next;
}

Result<KeyRotation> rotate_ledger_key(const fs::path& state, const std::string& site,
                                      const std::string& gateway, Stamp now, bool lost) {
  const std::string origin = ledger_origin(site, gateway);
  if (!fs::exists(database_file(state)))
    return Error{Fault::NotFound, "there is no ledger in " + state.string()};
  const auto lock = StateLock::take(state);
  if (!lock) return lock.error();
  const auto opened = Database::open({database_file(state), {}, true});
  if (!opened) return opened.error();
  Database& database = **opened;
  if (auto migrated = migrate(database); !migrated) return migrated.error();
  std::optional<Signer> old;
  if (!lost) {
    const Result<Signer> current = ledger_signer(database, state, origin);
    if (!current) return current.error();
    old = *current;
  }
  if (auto sound = ledger::check(database, old ? &old->key() : nullptr); !sound)
    return sound.error();
  const Result<SignedCheckpoint> last = ledger::last_checkpoint(database);
  if (!last) return last.error();
  if (last->size == 0)
    return Error{Fault::Conflict, "the ledger is empty: it needs no other key yet"};

  const Result<Signer> fresh = create_signer(next_key_file(state), origin);
  if (!fresh) return fresh.error();
  Ledger ledger(site, gateway, *fresh);
  if (auto loaded = ledger.load(database); !loaded) return loaded.error();
  const auto data = key_change_data(last->size, old ? &*old : nullptr,
                                    old ? old->vkey() : signed_by(last->note, origin), *fresh);
  if (!data) return data.error();
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  const auto index = ledger.append(database, {"key", now, *data});
  if (!index) return index.error();
  if (auto head = ledger.before_commit(database); !head) return head.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  if (auto moved = put_in_force(state); !moved) return moved.error();
  return KeyRotation{*index, fresh->key()};
}

}  // namespace jieding::sync
