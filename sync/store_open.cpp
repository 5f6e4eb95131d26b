// How a store is opened: looked over first, and refused when it is not what was signed.

#include <utility>

#include "sync/ledger_check.hpp"
#include "sync/ledger_key.hpp"
#include "sync/store.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;

constexpr std::uintmax_t quick_check_up_to = 64u
                                             << 20;  // bytes; a larger file takes too long at start

/// Structure of the whole file while it is small; later of the record's own tables.
Result<void> quick_check(Database& database, const std::filesystem::path& file) {
  std::error_code code;
  const auto bytes = std::filesystem::file_size(file, code);
  if (code || bytes <= quick_check_up_to) return database.check({});
  for (const char* table : {"event", "node", "checkpoint", "milestone", "statement", "evidence"})
    if (auto sound = database.check(table); !sound) return sound;
  return {};
}

Error altered(const Error& found, const std::filesystem::path& file) {
  return Error{found.kind(),
               file.string() + " was altered: " + found.text() +
                   "; keep a copy of it, take the record out with `jieding ledger export`, look at "
                   "it with `jieding run --read-only`, then restore a backup"};
}

}  // namespace

Store::Store(Options options, Signer signer, std::unique_ptr<StateLock> lock)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      room_(options_.state, options_.keep_free_mb << 20, options_.reserve_bytes),
      ledger_(options_.site, options_.gateway, std::move(signer)),
      limits_(options_.alert_limits),
      evidence_(options_.files != nullptr ? *options_.files : real_files(),
                options_.state / "evidence") {}

Store::~Store() {
  close();
}

Result<std::unique_ptr<Store>> Store::open(asio::any_io_executor io, Options options) {
  if (auto made = make_state_folder(options.state); !made) return made.error();
  Result<std::unique_ptr<StateLock>> lock = StateLock::take(options.state);
  if (!lock) return lock.error();
  const std::filesystem::path file = database_file(options.state);
  Result<std::unique_ptr<Database>> database =
      Database::open({file, options.vfs, options.survive_power_loss});
  if (!database) return database.error();
  if (auto sound = quick_check(**database, file); !sound)
    return sound.error().in(file.string()).in("restore a backup");
  if (auto migrated = migrate(**database); !migrated) return migrated.error().in(file.string());
  if (auto entered = sign_in::enter_boot(**database); !entered) return entered.error();
  const std::string origin = ledger_origin(options.site, options.gateway);
  Result<Signer> signer = options.read_only ? load_signer(key_file(options.state), origin)
                                            : ledger_signer(**database, options.state, origin);
  if (!signer) return signer.error();
  if (!options.read_only) {
    const auto sound = ledger::check(**database, &signer->key());
    if (!sound) return altered(sound.error(), file);
  }
  std::unique_ptr<Store> store(new Store(std::move(options), std::move(*signer), std::move(*lock)));
  if (auto started = store->start(std::move(io), std::move(*database)); !started)
    return started.error();
  return store;
}

Result<void> Store::start(asio::any_io_executor io, std::unique_ptr<Database> database) {
  if (auto loaded = load_what_the_page_set(*database); !loaded) return loaded;
  if (options_.read_only) return start_read_only(std::move(io), std::move(database));
  if (auto loaded = ledger_.load(*database); !loaded) return loaded;
  if (auto loaded = limits_.load(*database); !loaded) return loaded;
  if (auto swept = evidence_.sweep(*database); !swept) return swept.error();
  journal_ = std::make_unique<Journal>(
      std::move(database), std::move(io), std::vector<Mirror*>{&ledger_, &readings_, &limits_},
      Journal::Callbacks{[this](Database& full) { return make_room(full); },
                         [this](Database& idle) { housekeeping(idle); }},
      options_.limits);
  open_books();
  return {};
}

void Store::open_books() {
  findings_ = std::make_unique<FindingBook>(*journal_, ledger_, evidence_, room_);
  cameras_ = std::make_unique<CameraBook>(*journal_, ledger_);
  users_ = std::make_unique<UserBook>(*journal_, ledger_);
  households_ = std::make_unique<HouseholdBook>(*journal_, ledger_, evidence_);
  rollouts_ = std::make_unique<RolloutBook>(*journal_, ledger_);
}

Result<void> Store::load_what_the_page_set(Database& database) {
  auto all = camera_table::all(database);
  if (!all) return all.error();
  camera_setups_ = std::move(*all);
  auto users = user_table::all(database);
  if (!users) return users.error();
  user_rows_ = std::move(*users);
  const auto rule = public_pictures::get(database);
  if (!rule) return rule.error();
  public_pictures_ = *rule;
  return {};
}

/// From here on SQLite itself refuses every write of this connection.
Result<void> Store::start_read_only(asio::any_io_executor io, std::unique_ptr<Database> database) {
  if (auto looked = ledger_.look(*database); !looked) return looked;
  if (auto closed = database->script("pragma query_only = on"); !closed) return closed;
  Journal::Limits limits = options_.limits;
  limits.read_only = true;
  journal_ = std::make_unique<Journal>(std::move(database), std::move(io), std::vector<Mirror*>{},
                                       Journal::Callbacks{}, limits);
  open_books();
  return {};
}

void Store::close() {
  if (journal_) journal_->close();
}

}  // namespace jieding::sync
