#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "config/answers.hpp"
#include "config/page_address.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "firmware-tools/provision/issue.hpp"
#include "firmware-tools/provision/named_files.hpp"
#include "firmware-tools/provision/owner.hpp"
#include "firmware-tools/provision/sheet.hpp"
#include "gateway/runtime/clock.hpp"
#include "sync/ledger_key.hpp"
#include "sync/sign_in.hpp"

namespace jieding::tools::provision {
namespace {

namespace fs = std::filesystem;

/// Links for the first users end then, or when the box starts anew.
constexpr std::chrono::hours first_link_term{24};

/// What will lie in the box, by its path in it. Nothing is written yet.
struct Plan {
  config::Answers answers;
  std::map<fs::path, std::string> files;
  std::vector<std::string> tokens;  ///< whose a new one is
  std::vector<config::User> users;
  std::string origin;  ///< of the ledger's key
};

/// Where a named file lies in the box, or nothing for one outside it.
fs::path place_in_box(const fs::path& answers_folder, const fs::path& file) {
  const fs::path relative = file.lexically_relative(answers_folder);
  const bool outside = relative.empty() || *relative.begin() == "..";
  return outside ? fs::path{} : relative;
}

/// Secrets are brought in `secrets` beside the answers, and lie in the state folder of the box.
fs::path place_beside_answers(const fs::path& in_box) {
  const fs::path in_state = in_box.lexically_relative(config::box_state);
  const bool is_secret = !in_state.empty() && *in_state.begin() == "secrets";
  return is_secret ? in_state : in_box;
}

bool is_made(const fs::path& in_box) {
  return in_box == config::box_certificate || in_box == config::box_key;
}

Result<void> take_over(const NamedFile& named, const fs::path& answers_folder, Plan& plan) {
  const fs::path in_box = place_in_box(answers_folder, named.file);
  if (in_box.empty() || is_made(in_box)) return {};
  const fs::path brought = answers_folder / place_beside_answers(in_box);
  const auto bytes = sync::real_files().read(brought);
  if (bytes) {
    plan.files[in_box] = *bytes;
  } else if (named.token && bytes.error().kind() == Fault::NotFound) {
    plan.files[in_box] = sync::sign_in::random_token() + "\n";
    plan.tokens.push_back(named.whose);
  } else {
    return Error{bytes.error().kind(), named.whose + ": " + bytes.error().text() +
                                           "; put it there, or take its name out of the answers"};
  }
  return {};
}

Result<void> make_certificate(Plan& plan, const std::string& site) {
  const Instant now = SystemClock().now().at;
  const auto& names = plan.answers.names;
  const auto key = new_tls_key();
  if (!key) return key.error();
  plan.files[config::box_key] = *key;
  if (plan.answers.authority == config::Authority::Request) {
    const auto asked = request(*key, names);
    if (!asked) return asked.error();
    const auto meanwhile = self_signed(*key, names, now);
    if (!meanwhile) return meanwhile.error();
    plan.files["tls/box.csr"] = *asked;
    plan.files[config::box_certificate] = *meanwhile;
    return {};
  }
  const auto authority_key = new_tls_key();
  if (!authority_key) return authority_key.error();
  const auto authority = make_authority(*authority_key, "Jieding " + site, names, now);
  if (!authority) return authority.error();
  const auto certificate = issue({*authority, *authority_key}, *key, names, now);
  if (!certificate) return certificate.error();
  plan.files["tls/authority.key"] = *authority_key;
  plan.files["tls/authority.pem"] = *authority;
  plan.files[config::box_certificate] = *certificate;
  return {};
}

Result<Plan> make_plan(const Create& what) {
  const auto text = sync::real_files().read(what.answers);
  if (!text) return text.error();
  config::Complaints complaints;
  auto answers = config::read_answers(*text, what.answers, complaints);
  if (!answers) return answers.error();
  Plan plan{std::move(*answers), {}, {}, {}, {}};
  const auto config = read_configuration(plan.answers.configuration, what.answers);
  if (!config) return config.error();
  const fs::path folder = (fs::current_path() / what.answers).parent_path().lexically_normal();
  for (const NamedFile& named : named_files(*config)) {
    if (auto taken = take_over(named, folder, plan); !taken) return taken.error();
  }
  plan.files["jieding.toml"] = plan.answers.configuration;
  plan.users = config->users;
  plan.origin = sync::ledger_origin(config->site.id, config->site.gateway);
  if (auto made = make_certificate(plan, config->site.id); !made) return made.error();
  return plan;
}

/// Folders of a file, outermost first, and the file; synced.
Result<void> write_below(sync::FileSystem& files, const fs::path& root, const fs::path& file,
                         const std::string& bytes) {
  fs::path folder = root;
  for (const fs::path& name : file.parent_path()) {
    folder /= name;
    if (auto made = files.create_directory(folder); !made) return made.error();
    if (auto synced = files.sync_directory(folder.parent_path()); !synced) return synced;
  }
  if (auto written = files.write_synced(root / file, bytes); !written) return written;
  return files.sync_directory(folder);
}

/// Once each; their hashes are in the box's database.
Result<void> write_sign_in_links(sync::FileSystem& files, const Box& box, const Plan& plan,
                                 const config::Config& config) {
  if (plan.users.empty()) return {};
  const auto database = sync::open_database(box.state());
  if (!database) return database.error();
  const auto until = (RuntimeClock().now() + first_link_term).time_since_epoch();
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>(until).count();
  std::string text =
      "Each works once, within a day and until this machine starts anew; then: jieding link "
      "sign-in\n";
  for (const config::User& user : plan.users) {
    const auto token =
        sync::sign_in::create_token(**database, sync::TokenKind::SignIn, user.id, expires);
    if (!token) return token.error();
    const auto address = config::page_address(config.web, plan.answers.names.front());
    text += user.id + " " + address + "/?signin=" + *token + "\n";
  }
  return files.write_synced(box.sign_in_links(), text);
}

Result<void> fill(sync::FileSystem& files, const Box& box, const Plan& plan) {
  for (const auto& [file, bytes] : plan.files) {
    if (auto written = write_below(files, box.folder(), file, bytes); !written) return written;
  }
  if (auto made = sync::make_state_folder(box.state()); !made) return made;
  const auto signer = sync::create_signer(sync::key_file(box.state()), plan.origin);
  if (!signer) return signer.error();
  const auto config = box.load();  // as the gateway will read it
  if (!config) return config.error();
  if (auto linked = write_sign_in_links(files, box, plan, *config); !linked) return linked;
  const auto sheet = write_sheet(box, *config);
  if (!sheet) return sheet.error();
  return files.sync_directory(box.folder());
}

/// Keeps two of us from preparing the same box; the kernel lets go of it however we end.
class Turn {
 public:
  static Result<Turn> take(const fs::path& folder) {
    Turn turn(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (turn.descriptor_ < 0)
      return Error{Fault::NotFound, "there is no folder " + folder.string() + "; make it first"};
    if (::flock(turn.descriptor_, LOCK_EX | LOCK_NB) != 0)
      return Error{Fault::Conflict, "another jieding-provision works in " + folder.string()};
    return turn;
  }
  Turn(Turn&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit Turn(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Lies in a box that is about to be exchanged for another, so that whoever finds it where boxes
/// are prepared knows that it is none of those.
constexpr const char* aside_mark = "put-aside";

fs::path free_name_aside(const fs::path& box) {
  const std::string name = box.string() + ".before-" + to_basic_utc(SystemClock().now().at);
  fs::path free = name;
  for (int next = 2; fs::exists(free); ++next)
    free = name + "-" + std::to_string(next);
  return free;
}

/// What a call that was stopped left where boxes are prepared: the box that was there before, which
/// holds a record and is kept, or one that never was whole.
Result<void> clear_away(sync::FileSystem& files, const fs::path& prepared, const fs::path& box) {
  if (!fs::exists(prepared / aside_mark)) {
    std::error_code code;
    fs::remove_all(prepared, code);
    return {};
  }
  const fs::path aside = free_name_aside(box);
  if (auto moved = files.rename(prepared, aside); !moved) return moved;
  std::cout << "put aside  " << aside.string() << '\n';
  return files.sync_directory(box.parent_path());
}

/// One step, so that a box is at its place whenever somebody looks.
Result<void> change_places(sync::FileSystem& files, const Exchange& exchange,
                           const fs::path& prepared, const fs::path& box) {
  if (auto marked = files.write_synced(box / aside_mark, {}); !marked) return marked;
  if (auto synced = files.sync_directory(box); !synced) return synced;
  if (auto exchanged = exchange(prepared, box); !exchanged) {
    (void)files.remove(box / aside_mark);
    return exchanged.error().in("the box that is there stays; move it away by hand");
  }
  return files.sync_directory(box.parent_path());
}

Result<void> put_in_place(sync::FileSystem& files, const Exchange& exchange,
                          const fs::path& prepared, const fs::path& box) {
  if (!fs::exists(box)) {
    if (auto moved = files.rename(prepared, box); !moved) return moved;
    return files.sync_directory(box.parent_path());
  }
  std::unique_ptr<sync::StateLock> no_gateway;
  if (fs::exists(Box(box).state())) {
    auto lock = sync::StateLock::take(Box(box).state());
    if (!lock) return lock.error();
    no_gateway = std::move(*lock);
  }
  if (auto changed = change_places(files, exchange, prepared, box); !changed) return changed;
  return clear_away(files, prepared, box);
}

void tell(const Plan& plan, const fs::path& box) {
  std::set<fs::path> all{"state/secrets/ledger.key", "state/jieding.db", "sheet.html", "sheet.txt"};
  for (const auto& [file, bytes] : plan.files)
    all.insert(file);
  if (!plan.users.empty()) all.insert("sign-in.txt");
  for (const fs::path& file : all)
    std::cout << "would write " << (box / file).string() << '\n';
  for (const std::string& whose : plan.tokens)
    std::cout << "would make a token for " << whose << '\n';
}

void congratulate(const Box& box, const Plan& plan) {
  std::cout << "box        " << box.folder().string() << '\n';
  for (const std::string& whose : plan.tokens)
    std::cout << "new token  " << whose << '\n';
  if (plan.answers.authority == config::Authority::Request)
    std::cout << "request    " << box.request().string()
              << ": have it signed, then `jieding-provision renew --certificate`\n";
  if (!plan.users.empty()) std::cout << "sign-in    " << box.sign_in_links().string() << '\n';
  std::cout << "to print   " << box.sheet_page().string() << '\n'
            << "next       jieding check --config " << box.configuration().string() << '\n';
}

}  // namespace

Result<void> create(const Create& what, sync::FileSystem& files, const Exchange& exchange) {
  const fs::path box = fs::absolute(what.box).lexically_normal();
  if (fs::exists(box) && !what.force)
    return Error{Fault::Conflict, box.string() +
                                      " is there already; name another folder, or add "
                                      "--force to put that one aside"};
  const auto owner = find_owner(what.owner);
  if (!owner) return owner.error();
  const auto plan = make_plan(what);
  if (!plan) return plan.error();
  if (what.dry_run) {
    tell(*plan, box);
    return {};
  }
  const auto turn = Turn::take(box.parent_path());
  if (!turn) return turn.error();
  const fs::path prepared = box.string() + ".part";
  if (auto cleared = clear_away(files, prepared, box); !cleared) return cleared;
  if (auto made = files.create_directory(prepared); !made) return made.error();
  auto done = fill(files, Box(prepared), *plan);
  if (done && *owner) done = give(prepared, **owner);
  if (done) done = put_in_place(files, exchange, prepared, box);
  if (!done) {
    (void)clear_away(files, prepared, box);
    return done;
  }
  congratulate(Box(box), *plan);
  return {};
}

}  // namespace jieding::tools::provision
