#include "sync/uplink.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <memory>
#include <utility>

#include "gateway/runtime/as_result.hpp"
#include "sync/conflict_alerts.hpp"

namespace jieding::sync {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t most_waiting_requests = 16;
constexpr std::chrono::hours long_time{1};

json::object picture_json(const LatestPicture& picture) {
  return {{"sha256", picture.sha256}, {"taken", to_rfc3339(picture.taken)}};
}

/// A response topic comes from outside: it must be one that can be published to, and not one of
/// ours.
bool acceptable(const std::string& response_topic, const Topics& topics) {
  return !response_topic.empty() && response_topic.size() <= 256 && response_topic[0] != '$' &&
         response_topic.find_first_of("+#") == std::string::npos &&
         response_topic.find('\0') == std::string::npos &&
         !response_topic.starts_with(topics.root());
}

}  // namespace

std::string_view to_text(UplinkState state) {
  switch (state) {
    case UplinkState::Off:
      return "off";
    case UplinkState::Connecting:
      return "connecting";
    case UplinkState::Connected:
      return "connected";
    case UplinkState::Offline:
      return "offline";
  }
  return "off";
}

Uplink::Uplink(asio::any_io_executor io, Store& store, const BusinessClock& business_clock,
               const RuntimeClock& clock, Options options)
    : io_(std::move(io)),
      store_(store),
      business_clock_(business_clock),
      clock_(clock),
      options_(std::move(options)),
      topics_(options_.site, options_.gateway),
      bell_(io_),
      books_(io_),
      complaints_(clock),
      backoff_({options_.uplink.backoff_first, options_.uplink.backoff_most,
                options_.uplink.stable_after},
               clock, options_.seed),
      road_{store_, business_clock_, clock_, options_.uplink, topics_, client_, bell_, complaints_},
      events_(road_),
      checkpoint_(road_),
      states_(road_),
      evidence_(road_),
      telemetry_(io_, road_, options_.telemetry),
      twins_(options_.identity),
      twin_forgotten_at_(clock.now() + options_.twin_forgotten),
      client_(io_, mqtt_settings(), mqtt_events()) {}

MqttSettings Uplink::mqtt_settings() const {
  const config::Uplink& from = options_.uplink;
  MqttSettings settings;
  settings.host = from.host;
  settings.port = from.port;
  settings.client_id = "jieding-" + options_.site + "-" + options_.gateway;
  settings.user = from.user;
  settings.password_file = from.password_file;
  settings.ca_file = from.ca_file;
  settings.certificate_file = from.certificate_file;
  settings.key_file = from.key_file;
  settings.connect_timeout = options_.connect_timeout;
  return settings;
}

MqttEvents Uplink::mqtt_events() {
  return {[this](Welcome welcome) {
            road_.welcome = welcome;
            backoff_.connected();
            enter(UplinkState::Connected, {});
            bell_.ring();
          },
          [this](std::string why) {
            enter(UplinkState::Offline, std::move(why));
            bell_.ring();
          },
          [this](Message message) { receive(std::move(message)); }};
}

asio::awaitable<Result<void>> Uplink::run() {
  using asio::experimental::awaitable_operators::operator&&;
  if (std::exchange(begun_, true)) co_await hang_up();
  driving_ended_ = false;
  const auto loaded = co_await load();
  if (!loaded) co_return loaded.error().in("uplink");
  co_await (stay_connected() && telemetry_.read_ahead() && keep_books());
  enter(UplinkState::Off, "stopped");
  co_return Result<void>();
}

void Uplink::stop() {
  stopping_ = true;
  telemetry_.stop();
  bell_.ring();
  books_.ring();
}

void Uplink::poke() {
  states_.look();
  evidence_.look();
  telemetry_.look();
  counts_old_ = true;
  bell_.ring();
  books_.ring();
}

UplinkStatus Uplink::status() const {
  UplinkStatus status;
  status.state = state_;
  status.since = since_;
  status.reason = reason_;
  status.events_size = store_.checkpoint().size;
  status.events_sent = events_.sent();
  status.events_receipted = events_.receipted();
  status.last_receipt = events_.last_receipt();
  status.telemetry_waiting = counts_.telemetry_waiting;
  status.evidence_waiting = counts_.evidence_waiting;
  status.state_waiting = counts_.state_waiting;
  status.telemetry_dropped = counts_.telemetry_dropped;
  status.ignored = ignored_;
  status.alarm = events_.alarm();
  return status;
}

asio::awaitable<Result<void>> Uplink::load() {
  const auto loaded = co_await events_.load();
  if (!loaded) co_return loaded;
  co_return co_await telemetry_.load();
}

asio::awaitable<void> Uplink::stay_connected() {
  while (!stopping_) {
    co_await one_connection();
    if (!stopping_) co_await wait_before_next();
  }
  driving_ended_ = true;
  books_.ring();
}

asio::awaitable<void> Uplink::one_connection() {
  enter(UplinkState::Connecting, {});
  client_.connect(health(Presence::Offline));
  while (state_ == UplinkState::Connecting && !stopping_)
    co_await bell_.wait(long_time);
  if (client_.connected() && !stopping_) {
    co_await greet();
    co_await drive();
  }
  if (stopping_) co_await say_goodbye();
}

/// Subscribed before anything is sent, so that no receipt is missed.
asio::awaitable<void> Uplink::greet() {
  greeted_ = false;
  requests_.clear();
  events_.begin();
  checkpoint_.begin();
  states_.begin();
  evidence_.begin();
  telemetry_.begin();
  client_.subscribe(topics_.receipt(), [this](bool ok) {
    if (!ok) complaints_.warning("the broker does not let us read our receipts");
  });
  client_.subscribe(topics_.health(), [this](bool ok) {
    if (!ok) complaints_.warning("the broker does not let us hear who else speaks as we do");
  });
  client_.subscribe(topics_.request(), [this](bool ok) {
    if (!ok) complaints_.warning("the broker does not let us read requests");
    greeted_ = true;
    bell_.ring();
  });
  while (!greeted_ && client_.connected() && !stopping_)
    co_await bell_.wait(long_time);
  publish_health(Presence::Online, [](bool) {});
  if (!events_.platform_known()) {
    log::info("uplink", "pictures and telemetry wait for the platform's first receipt");
  }
}

asio::awaitable<void> Uplink::drive() {
  while (client_.connected() && !stopping_) {
    if (!requests_.empty()) co_await take_requests();
    if (clock_.now() >= twin_forgotten_at_) {
      twin_forgotten_at_ = no_deadline;
      road_.tell(twin_silent(options_.gateway, business_clock_.now()));
    }
    if (!road_.news.empty()) co_await tell_news();
    const bool worked = co_await step();
    if (!worked) co_await bell_.wait(until_next_deadline());
    if (worked) counts_old_ = true;
    if (counts_old_ || telemetry_.unsaved()) books_.ring();
  }
}

/// One turn of the lanes; false: none had work. Events go first, and what is small and newest only
/// (checkpoint, states) goes in each turn: a platform that catches up with a month must not wait a
/// month for today. Pictures and telemetry go when nothing else does.
asio::awaitable<bool> Uplink::step() {
  // GCC 12 at -O2 traps on co_await inside a condition: each answer gets a name first.
  const bool sent_events = co_await events_.step();
  if (!client_.connected()) co_return false;
  const bool sent_checkpoint = checkpoint_.step();
  const bool sent_states = co_await states_.step();
  if (sent_events || sent_checkpoint || sent_states) co_return true;
  if (!client_.connected() || !events_.platform_known()) co_return false;
  const bool sent_evidence = co_await evidence_.step();
  if (sent_evidence) co_return true;
  if (!client_.connected() || !evidence_.clear()) co_return false;
  telemetry_.step();
  co_return false;  // it fills its window at once; answers ring the bell
}

std::chrono::steady_clock::duration Uplink::until_next_deadline() const {
  const auto next = std::min({events_.deadline(), checkpoint_.deadline(), states_.deadline(),
                              evidence_.deadline(), telemetry_.deadline(), twin_forgotten_at_});
  const auto now = clock_.now();
  if (next <= now) return {};
  return std::min<std::chrono::steady_clock::duration>(next - now, long_time);
}

asio::awaitable<void> Uplink::wait_before_next() {
  const auto until = clock_.now() + backoff_.next();
  while (!stopping_ && clock_.now() < until)
    co_await bell_.wait(until - clock_.now());
}

asio::awaitable<void> Uplink::say_goodbye() {
  bool said = !client_.connected();
  const auto until = clock_.now() + options_.farewell;
  if (!said) {
    publish_health(Presence::Stopped, [this, &said](bool) {
      said = true;
      bell_.ring();
    });
  }
  while (!said && clock_.now() < until)
    co_await bell_.wait(until - clock_.now());
  co_await hang_up();
}

asio::awaitable<void> Uplink::hang_up() {
  bool closed = false;
  client_.close([this, &closed] {
    closed = true;
    bell_.ring();
  });
  while (!closed)
    co_await bell_.wait(long_time);
}

void Uplink::receive(Message message) {
  bell_.ring();
  if (message.topic == topics_.receipt()) {
    const auto receipt = parse_receipt(message.payload);
    if (receipt) return events_.offer(*receipt);
    ++ignored_;
    return complaints_.warning("a receipt was ignored: " + receipt.error().text());
  }
  if (message.topic == topics_.health()) return hear_health(message);
  if (message.topic == topics_.request() && requests_.size() < most_waiting_requests) {
    requests_.push_back(std::move(message));
    return;
  }
  ++ignored_;
}

asio::awaitable<void> Uplink::take_requests() {
  for (Message& message : std::exchange(requests_, {}))
    co_await answer(std::move(message));
}

asio::awaitable<void> Uplink::answer(Message message) {
  const auto request = parse_request(message.payload);
  Result<json::object> said = request.has_error() ? request.error() : Error();
  if (request) {
    auto obeyed = co_await obey(*request);
    said = std::move(obeyed);
  } else {
    ++ignored_;
    complaints_.warning("a request was ignored: " + request.error().text());
  }
  if (acceptable(message.response_topic, topics_)) {
    client_.publish(answer_message(message, said), [](bool) {});
  }
}

asio::awaitable<Result<json::object>> Uplink::obey(Request request) {
  if (request.kind == RequestKind::Picture) co_return co_await show_picture(request.camera);
  if (request.kind == RequestKind::RollOut || request.kind == RequestKind::StopRollout) {
    if (!options_.roll_out) co_return Error(Fault::NotFound, "there are no nodes here");
    co_return co_await options_.roll_out(std::move(request));
  }
  if (request.kind == RequestKind::Resend) {
    const std::uint64_t size = store_.checkpoint().size;
    if (request.from > size)
      co_return Error(Fault::NotFound, "there are only " + std::to_string(size) + " events");
    events_.repeat_from(request.from);
    co_return json::object();
  }
  std::function<Result<void>(Database&)> work = outbox::put_states_again;
  const auto put = co_await store_.journal().write<void>(std::move(work));
  if (!put) co_return put.error();
  states_.look();
  publish_health(Presence::Online, [](bool) {});
  co_return json::object();
}

/// The answer names it; the picture itself goes its usual way.
asio::awaitable<Result<json::object>> Uplink::show_picture(std::string camera) {
  std::function<Result<LatestPicture>(Database&)> work =
      [camera = std::move(camera)](Database& db) { return outbox::put_picture_again(db, camera); };
  const auto picture = co_await store_.journal().write<LatestPicture>(std::move(work));
  if (!picture) co_return picture.error();
  evidence_.look();
  co_return picture_json(*picture);
}

/// What the ledger must say: a conflict with the platform, another box under our name.
asio::awaitable<void> Uplink::tell_news() {
  while (!road_.news.empty()) {
    const AlertChange change = std::move(road_.news.front());
    road_.news.pop_front();
    const auto fate = co_await store_.alert(change);
    if (!fate) complaints_.warning("write an alert: " + fate.error().text());
    const bool stands = change.raised || !fate || *fate == AlertFate::Held;
    if (change.key.kind == "conflict") events_.conflict_stands(stands);
    if (change.key.kind == "twin" && stands)
      twin_forgotten_at_ = clock_.now() + options_.twin_forgotten;
    if (fate && *fate == AlertFate::Written) options_.alerted();
  }
}

void Uplink::hear_health(const Message& message) {
  const auto speaker = speaker_of_health(message.payload);
  const auto twin = speaker ? twins_.hear(*speaker) : std::nullopt;
  if (!twin) return;
  complaints_.warning("another box speaks under our name: " + twin->box + " (" + twin->run +
                      "), this is " + twins_.own().box + " (" + twins_.own().run + ")");
  road_.tell(twin_heard(options_.gateway, twins_.own(), *twin, business_clock_.now()));
}

/// Beside the lanes, so that no window waits for a commit: stores the telemetry cursor in groups
/// and reads the counts that status() shows.
asio::awaitable<void> Uplink::keep_books() {
  while (!driving_ended_) {
    if (!counts_old_ && !telemetry_.unsaved()) {
      co_await books_.wait(long_time);
      continue;
    }
    co_await telemetry_.save();
    counts_old_ = false;
    std::function<Result<OutboxStatus>(Database&)> work = [](Database& db) {
      return outbox::status(db);
    };
    const auto counts = co_await store_.journal().read<OutboxStatus>(std::move(work));
    if (counts) counts_ = *counts;
    asio::steady_timer pause(io_, options_.save_every);
    if (!stopping_) co_await pause.async_wait(as_result);
  }
  co_await telemetry_.save();
}

void Uplink::publish_health(Presence presence, MqttClient::Answered answered) {
  client_.publish(health(presence), std::move(answered));
}

Message Uplink::health(Presence presence) const {
  return health_message(topics_, presence, business_clock_.now().at, options_.version,
                        store_.checkpoint().size, twins_.own());
}

void Uplink::enter(UplinkState state, std::string reason) {
  if (state_ != state) since_ = business_clock_.now().at;
  if (state == UplinkState::Offline) {
    complaints_.warning("not connected to " + options_.uplink.host + ":" +
                        std::to_string(options_.uplink.port) + ": " + reason);
  }
  if (state == UplinkState::Connected) log::info("uplink", "connected to " + options_.uplink.host);
  state_ = state;
  reason_ = std::move(reason);
}

}  // namespace jieding::sync
