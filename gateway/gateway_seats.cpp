#include "gateway/gateway_seats.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <utility>

#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"
#include "sync/sign_in.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr int most_kept_at_once = 16;
constexpr std::size_t most_shown = 100;
constexpr std::chrono::minutes link_life{15};

std::int64_t seconds_of(RuntimeClock::time_point at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

struct Door {
  std::vector<sync::SeatRow> sessions;
  std::vector<sync::DoorRow> notes;
};

using LoadDoor = std::function<Result<Door>(sync::Database&)>;

LoadDoor load_door(std::int64_t now) {
  return [now](sync::Database& database) -> Result<Door> {
    auto sessions = sync::seats::sessions(database, {}, now);
    if (!sessions) return sessions.error();
    auto notes = sync::seats::notes(database, most_shown);
    if (!notes) return notes.error();
    return Door{std::move(*sessions), std::move(*notes)};
  };
}

json::value door_json(const config::Config& config, const Door& door) {
  json::array users, notes;
  for (const config::User& user : config.users) {
    const auto sessions = std::count_if(door.sessions.begin(), door.sessions.end(),
                                        [&](const auto& seat) { return seat.user == user.id; });
    users.push_back(json::object{{"id", user.id},
                                 {"name", user.name},
                                 {"role", to_text(user.role)},
                                 {"sessions", sessions}});
  }
  for (const sync::DoorRow& row : door.notes)
    notes.push_back(json::object{
        {"at", to_rfc3339(row.at)}, {"what", row.what}, {"user", row.user}, {"peer", row.peer}});
  return {{"users", std::move(users)}, {"door", std::move(notes)}};
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
      co_await parts_.journal.write<void>(std::move(work), sync::Importance::Ordinary);
  --keeping_;
  if (!kept) log::warning("sign-in", "not kept: " + kept.error().text());
}

asio::awaitable<Result<json::value>> GatewaySeats::users() {
  LoadDoor work = load_door(seconds_of(parts_.runtime_clock.now()));
  const auto door = co_await parts_.journal.read<Door>(std::move(work));
  if (!door) co_return door.error();
  co_return door_json(parts_.config, *door);
}

asio::awaitable<Result<std::string>> GatewaySeats::make_link(web::Person by, std::string user) {
  if (parts_.config.user(user) == nullptr)
    co_return Error{Fault::NotFound, "there is no such user; add a [[user]] to the file"};
  const std::int64_t expires = seconds_of(parts_.runtime_clock.now() + link_life);
  const sync::DoorRow row{parts_.clock.now().at, "link_made", user, by.id};
  std::function<Result<std::string>(sync::Database&)> work =
      [row, expires](sync::Database& database) -> Result<std::string> {
    if (auto noted = sync::seats::note(database, row); !noted) return noted.error();
    return sync::sign_in::create_token(database, sync::TokenKind::SignIn, row.user, expires);
  };
  co_return co_await parts_.journal.write<std::string>(std::move(work), sync::Importance::Record);
}

}  // namespace jieding
