#include "gateway/gateway_alerts.hpp"

#include <algorithm>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::chrono::seconds look_for_silence_every{1};

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them.
sync::AlertChange retired(sync::AlertKey key, Stamp now) {
  return {std::move(key), false, now, {{"why", "not_configured"}}};
}

}  // namespace

GatewayAlerts::GatewayAlerts(Parts parts)
    : parts_(std::move(parts)), silence_(parts_.config, parts_.runtime_clock), pause_(parts_.io) {}

void GatewayAlerts::recall(std::vector<sync::OpenAlert> open) {
  for (const sync::OpenAlert& alert : open) {
    if (!configured(alert.key)) unconfigured_.push_back(alert.key);
    if (alert.key.kind == "silence") silence_.recall_silent(alert.key.device);
  }
  parts_.state.set_alerts(std::move(open));
}

bool GatewayAlerts::configured(const sync::AlertKey& key) const {
  const auto is_limit = [&](const Limit& limit) {
    return limit.id == key.name && limit.applies_to(key.device);
  };
  const auto& limits = parts_.config.limits;
  const bool device = parts_.config.device(key.device) != nullptr;
  if (key.kind == "conflict" || key.kind == "twin") return true;  // of the box itself
  if (key.kind == "limit") return device && std::any_of(limits.begin(), limits.end(), is_limit);
  return device || parts_.config.camera(key.device) != nullptr;
}

asio::awaitable<Result<void>> GatewayAlerts::run() {
  while (!stopping_) {
    // Nothing is dated before the business clock tells the time: playback begins at zero.
    if (parts_.clock.now().at != Instant{}) {
      const auto looked = co_await look();
      if (!looked) log::error("alerts", looked.error().text());
    }
    pause_.expires_after(look_for_silence_every);
    if (!stopping_) co_await pause_.async_wait(as_result);
  }
  co_return Result<void>();
}

void GatewayAlerts::stop() {
  stopping_ = true;
  pause_.cancel();
}

/// What cannot be written now is tried again with the next look.
asio::awaitable<Result<void>> GatewayAlerts::look() {
  while (!unconfigured_.empty()) {
    sync::AlertChange change = retired(unconfigured_.back(), parts_.clock.now());
    const auto fate = co_await write(std::move(change));
    if (!fate) co_return fate.error();
    if (*fate == sync::AlertFate::Held) break;
    unconfigured_.pop_back();
  }
  const auto changes = silence_.changes();
  for (const SilenceWatch::Change& change : changes) {
    sync::AlertChange event = silence_change(change);
    const auto fate = co_await write(std::move(event));
    if (!fate) co_return fate.error();
    if (*fate == sync::AlertFate::Held) continue;
    silence_.told(change);
    log::warning("silence", change.unit + (change.silent ? " is silent" : " is heard again"));
  }
  co_return Result<void>();
}

asio::awaitable<Result<sync::AlertFate>> GatewayAlerts::write(sync::AlertChange change) {
  const auto fate = co_await parts_.store.alert(std::move(change));
  if (fate && *fate == sync::AlertFate::Written) {
    co_await mirror();
    parts_.committed();
  }
  co_return fate;
}

asio::awaitable<void> GatewayAlerts::mirror() {
  auto open = co_await parts_.store.alerts();
  if (open) parts_.state.set_alerts(std::move(*open));
}

sync::AlertChange GatewayAlerts::silence_change(const SilenceWatch::Change& change) const {
  json::object what;
  if (change.silent) {
    what["of"] = change.camera ? "camera" : "device";
    what["silent_after_s"] = static_cast<double>(change.silent_after.count()) / 1000.0;
    if (const auto heard = parts_.state.last_heard(change.unit))
      what["last_heard"] = to_rfc3339(*heard);
  }
  return {{"silence", change.unit, ""}, change.silent, parts_.clock.now(), std::move(what)};
}

}  // namespace jieding
