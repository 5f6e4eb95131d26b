#include "gateway/gateway_seats.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <utility>

#include "gateway/domain/refusal.hpp"
#include "gateway/public_name.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"
#include "gateway/users_in_force.hpp"
#include "sync/sign_in.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr int most_kept_at_once = 16;
constexpr std::size_t most_shown = 100;
constexpr std::size_t most_users = 200;
constexpr std::chrono::minutes link_life{15};

std::int64_t seconds_of(RuntimeClock::time_point at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

struct Door {
  std::vector<sync::UserRow> users;
  std::vector<sync::SeatRow> sessions;
  std::vector<sync::DoorRow> notes;
};

using LoadDoor = std::function<Result<Door>(sync::Database&)>;

LoadDoor load_door(std::int64_t now) {
  return [now](sync::Database& database) -> Result<Door> {
    auto users = sync::user_table::all(database);
    if (!users) return users.error();
    auto sessions = sync::seats::sessions(database, {}, now);
    if (!sessions) return sessions.error();
    auto notes = sync::seats::notes(database, most_shown);
    if (!notes) return notes.error();
    return Door{std::move(*users), std::move(*sessions), std::move(*notes)};
  };
}

json::value door_json(const std::vector<config::User>& of_file, const Door& door) {
  json::array users, notes;
  for (const KnownUser& known : known_users(of_file, door.users)) {
    const config::User& user = known.user;
    const auto sessions = std::count_if(door.sessions.begin(), door.sessions.end(),
                                        [&](const auto& seat) { return seat.user == user.id; });
    users.push_back(json::object{{"id", user.id},
                                 {"name", user.name},
                                 {"role", to_text(user.role)},
                                 {"disabled", known.disabled},
                                 {"of_page", known.of_page},
                                 {"sessions", sessions}});
  }
  for (const sync::DoorRow& row : door.notes)
    notes.push_back(json::object{
        {"at", to_rfc3339(row.at)}, {"what", row.what}, {"user", row.user}, {"peer", row.peer}});
  return {{"users", std::move(users)}, {"door", std::move(notes)}};
}

sync::UserRow row_of(const web::UserInput& user, Instant at) {
  return {user.id, user.name.empty() ? user.id : user.name, user.role, user.disabled, at};
}

Result<void> may_be(const web::UserInput& user, bool fresh, const std::vector<KnownUser>& before,
                    const KnownUser* known) {
  if (fresh && known != nullptr)
    return Error{Fault::Conflict, "there is a user of this id already; choose another one",
                 refusal::user_exists};
  if (!fresh && known == nullptr) return Error{Fault::NotFound, "there is no such user"};
  if (fresh && before.size() >= most_users)
    return Error{Fault::TooMuch, "there are " + std::to_string(most_users) + " users already"};
  const auto keeps_order = [&](const KnownUser& one) {
    return one.user.id != user.id && one.user.role == Owner::Operator && !one.disabled;
  };
  if ((user.role == Owner::Operator && !user.disabled) ||
      std::any_of(before.begin(), before.end(), keeps_order))
    return {};
  return Error{Fault::Conflict, "no operator would be left; make somebody else one first",
               refusal::last_operator};
}

/// Asked inside the transaction, so that two operators cannot put each other out at once.
sync::UserBook::Rule rule_of(std::vector<config::User> of_file, web::UserInput user, bool fresh) {
  return [of_file = std::move(of_file), user = std::move(user),
          fresh](const std::vector<sync::UserRow>& rows) -> Result<bool> {
    const auto before = known_users(of_file, rows);
    const auto found = std::find_if(before.begin(), before.end(),
                                    [&](const auto& one) { return one.user.id == user.id; });
    const KnownUser* known = found == before.end() ? nullptr : &*found;
    if (auto may = may_be(user, fresh, before, known); !may) return may.error();
    return known == nullptr || known->user.role != user.role || known->disabled != user.disabled;
  };
}

sync::UserChange change_of(const config::Config& config, const web::Person& by,
                           const web::UserInput& user, Stamp said) {
  return {row_of(user, said.at), public_name(config, user.id), public_name(config, by.id), said};
}

sync::DoorRow note_of(const web::Person& by, const web::UserInput& user, bool fresh, Instant at) {
  const char* what = fresh ? "user_added" : user.disabled ? "user_disabled" : "user_changed";
  return {at, what, user.id, by.id};
}

}  // namespace

void GatewaySeats::note(const web::DoorEvent& event) {
  const std::string line = std::string(event.what) + " from " + event.peer;
  const bool good = event.what == "signed_in" || event.what == "session_ended";
  good ? log::info("sign-in", line) : log::warning("sign-in", line);
  if (keeping_ >= most_kept_at_once) return;
  ++keeping_;
  sync::DoorRow row{parts_.clock.now().at, std::string(event.what), event.user, event.peer};
  asio::co_spawn(parts_.io, keep(std::move(row)), spoken_end("sign-in"));
}

asio::awaitable<void> GatewaySeats::keep(sync::DoorRow row) {
  std::function<Result<void>(sync::Database&)> work = [row](sync::Database& database) {
    return sync::seats::note(database, row);
  };
  const auto kept =
      co_await parts_.store.journal().write<void>(std::move(work), sync::Importance::Ordinary);
  --keeping_;
  if (!kept) log::warning("sign-in", "not kept: " + kept.error().text());
}

asio::awaitable<Result<json::value>> GatewaySeats::users() {
  LoadDoor work = load_door(seconds_of(parts_.runtime_clock.now()));
  const auto door = co_await parts_.store.journal().read<Door>(std::move(work));
  if (!door) co_return door.error();
  co_return door_json(parts_.of_file, *door);
}

asio::awaitable<Result<void>> GatewaySeats::add_user(web::Person by, web::UserInput user) {
  co_return co_await set(std::move(by), std::move(user), true);
}

asio::awaitable<Result<void>> GatewaySeats::change_user(web::Person by, web::UserInput user) {
  co_return co_await set(std::move(by), std::move(user), false);
}

asio::awaitable<Result<void>> GatewaySeats::set(web::Person by, web::UserInput user, bool fresh) {
  const Stamp now = parts_.clock.now();
  sync::UserChange change = change_of(parts_.config, by, user, now);
  sync::DoorRow note = note_of(by, user, fresh, now.at);
  sync::UserBook::Rule rule = rule_of(parts_.of_file, std::move(user), fresh);
  const auto rows =
      co_await parts_.store.users().change(std::move(change), std::move(rule), std::move(note));
  if (!rows) co_return rows.error();
  parts_.config.users = users_in_force(parts_.of_file, *rows);
  parts_.committed();
  co_return Result<void>();
}

asio::awaitable<Result<std::string>> GatewaySeats::make_link(web::Person by, std::string user) {
  if (parts_.config.user(user) == nullptr)
    co_return Error{Fault::NotFound, "there is no such user, or they may not sign in"};
  const std::int64_t expires = seconds_of(parts_.runtime_clock.now() + link_life);
  const sync::DoorRow row{parts_.clock.now().at, "link_made", user, by.id};
  std::function<Result<std::string>(sync::Database&)> work =
      [row, expires](sync::Database& database) -> Result<std::string> {
    if (auto noted = sync::seats::note(database, row); !noted) return noted.error();
    return sync::sign_in::create_token(database, sync::TokenKind::SignIn, row.user, expires);
  };
  co_return co_await parts_.store.journal().write<std::string>(std::move(work),
                                                               sync::Importance::Record);
}

}  // namespace jieding
