#include "gateway/gateway.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <random>

#include "gateway/height_witnesses.hpp"
#include "gateway/reading_sessions.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/spoken_end.hpp"
#include "gateway/store_sessions.hpp"
#include "gateway/users_in_force.hpp"
#include "gateway/vision_process.hpp"
#include "gateway/web/assets.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;

/// How long drivers and uplink may take to end.
constexpr std::chrono::seconds drain_limit{5};

std::uint64_t seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

sync::Store::Options store_options(const config::Config& config, bool read_only) {
  sync::Store::Options options;
  for (const HeightWitness& witness : height_witnesses(config))
    options.heights.emplace(witness.device, witness.quantity);
  options.state = config.storage.state;
  options.site = config.site.id;
  options.gateway = config.site.gateway;
  options.keep_free_mb = config.storage.keep_free_mb;
  options.quarantine_rows = config.storage.quarantine_rows;
  options.telemetry_backlog_mb = config.storage.telemetry_backlog_mb;
  options.alert_limits = config.limits;
  options.policy = config.policy;
  options.project = config.project;
  options.read_only = read_only;
  // Played pictures pass years in minutes; what was acknowledged meanwhile is not old.
  if (config.clock.mode == config::ClockMode::Playback) options.reading_days = 100 * 366;
  return options;
}

// GCC 12 destroys some aggregates that are built inside a coroutine twice: plain functions build
// them.
sync::EventDraft start_event(Stamp now) {
  return {"gateway", now, {{"what", "started"}, {"version", JIEDING_VERSION}}};
}

/// Vision knows no way to end but to be stopped.
asio::awaitable<Result<void>> run_vision(std::shared_ptr<vision::Link> link) {
  co_await link->run();
  co_return Result<void>();
}

/// Without cameras and users nobody makes pictures.
asio::awaitable<Result<std::string>> render(std::shared_ptr<vision::Link> link, std::string jpeg,
                                            int px) {
  if (!link) co_return Error(Fault::Unavailable, "there is nobody who sees pictures");
  co_return co_await link->render(std::move(jpeg), px);
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(as_result);
}

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::open(asio::io_context& io, config::Config config,
                                               std::vector<config::Node> nodes, bool read_only) {
  auto store = sync::Store::open(io.get_executor(), store_options(config, read_only));
  if (!store) return store.error();
  return std::unique_ptr<Gateway>(
      new Gateway(io, std::move(config), std::move(nodes), std::move(*store), read_only));
}

Gateway::Gateway(asio::io_context& io, config::Config config, std::vector<config::Node> nodes,
                 std::unique_ptr<sync::Store> store, bool read_only)
    : cameras_of_file_(config.cameras),
      users_of_file_(config.users),
      config_(with_setups(std::move(config), store->camera_setups())),
      read_only_(read_only),
      io_(io.get_executor()),
      playback_(config_.clock.mode == config::ClockMode::Playback
                    ? std::make_unique<PlaybackClock>(Instant{})
                    : nullptr),
      system_clock_(std::make_unique<SystemClock>()),
      clock_(playback_ ? static_cast<const BusinessClock&>(*playback_) : *system_clock_),
      store_(std::move(store)),
      state_(config_, clock_),
      nodes_(std::move(nodes)),
      node_programs_(programs_folder()),
      firmware_shelf_(config_.storage.state, node_programs_, nodes_),
      stopped_(io) {
  config_.users = users_in_force(users_of_file_, store_->user_rows());
  state_.set_read_only(read_only_);
  build_vision();
  build_uplink();
  alerts_ = std::make_unique<GatewayAlerts>(GatewayAlerts::Parts{
      io_, config_, clock_, runtime_clock_, *store_, state_, [this] { committed(); }});
  if (!read_only_)
    supervise({"silence", "watch", [this] { return alerts_->run(); }, [this] { alerts_->stop(); }});
  intake_ = std::make_unique<GatewayIntake>(
      GatewayIntake::Parts{io_, config_, clock_, playback_.get(), *store_, vision_.get(), state_,
                           *alerts_, [this] { committed(); }});
  findings_ = std::make_unique<GatewayFindings>(GatewayFindings::Parts{
      config_, clock_, store_->findings(), vision_.get(), [this] { committed(); }});
  households_ = std::make_unique<GatewayHouseholds>(GatewayHouseholds::Parts{
      config_, clock_, store_->households(), state_, [this] { committed(); }});
  cameras_ = std::make_unique<GatewayCameras>(GatewayCameras::Parts{
      config_, cameras_of_file_, clock_, *store_, vision_.get(), [this] { committed(); }});
  build_rollouts();
  renditions_ = std::make_unique<Renditions>(io_, [link = vision_](std::string jpeg, int px) {
    return render(link, std::move(jpeg), px);
  });
  record_ =
      std::make_unique<GatewayRecord>(config_, state_, *store_, *intake_, *findings_, *cameras_,
                                      *rollouts_, uplink_.get(), parts_, *renditions_);
  build_web();
  if (!read_only_) build_drivers();
  build_update();
}

Gateway::~Gateway() = default;

void Gateway::build_vision() {
  const bool no_pictures = config_.cameras.empty() && config_.users.empty();  // nor photos
  if (no_pictures || read_only_) return;
  vision::LinkOptions options;
  options.program = vision_executable(config_);
  options.frame_limit = config_.vision.frame_timeout;
  options.cameras = vision_setups(config_);
  options.state_of = [this](const std::string& camera) { return intake_->vision_state(camera); };
  vision_ = vision::Link::create(io_, std::move(options));
  supervise({"vision", "vision", [link = vision_] { return run_vision(link); },
             [link = vision_] { link->stop(); }});
}

void Gateway::build_uplink() {
  if (!config_.uplink.enabled || read_only_) return;
  sync::Uplink::Options options;
  options.site = config_.site.id;
  options.gateway = config_.site.gateway;
  options.version = JIEDING_VERSION;
  options.uplink = config_.uplink;
  options.seed = seed();
  options.roll_out = [this](sync::Request request) { return rollouts_->obey(std::move(request)); };
  options.alerted = [this] {
    asio::co_spawn(io_, alerts_->mirror(), spoken_end("gateway"));
    committed();
  };
  uplink_ =
      std::make_unique<sync::Uplink>(io_, *store_, clock_, runtime_clock_, std::move(options));
  supervise({"uplink", "uplink", [this] { return uplink_->run(); }, [this] { uplink_->stop(); }});
}

void Gateway::build_rollouts() {
  rollouts_ = std::make_unique<GatewayRollouts>(
      GatewayRollouts::Parts{io_, config_, nodes_, clock_, store_->rollouts(), node_programs_,
                             firmware_shelf_, [this] { committed(); }});
  if (nodes_.empty() || read_only_) return;
  rollout_work_ = std::make_unique<RolloutWork>(
      RolloutWork::Parts{io_, clock_, node_programs_, firmware_shelf_, *rollouts_});
  supervise({"rollout", "watch", [this] { return rollout_work_->run(); },
             [this] { rollout_work_->stop(); }});
  rollout_desk_ = std::make_unique<RolloutDesk>(io_, store_->rollouts(), *rollouts_);
  supervise({"rollout desk", "watch", [this] { return rollout_desk_->run(); },
             [this] { rollout_desk_->stop(); }});
}

void Gateway::build_web() {
  if (read_only_) {
    session_store_ = std::make_unique<ReadingSessions>(*store_, runtime_clock_);
  } else {
    session_store_ = std::make_unique<StoreSessions>(*store_, runtime_clock_);
  }
  const auto people = [this](std::string_view id) -> std::optional<web::Person> {
    const config::User* user = config_.user(id);
    if (!user) return std::nullopt;
    return web::Person{user->id, user->name, user->role};
  };
  web::SessionOptions sessions;
  sessions.secure_cookie = !config_.web.tls_certificate.empty();
  seats_ = std::make_unique<GatewaySeats>(GatewaySeats::Parts{
      io_, config_, users_of_file_, clock_, runtime_clock_, *store_, [this] { committed(); }});
  sessions.audit = [this](const web::DoorEvent& event) { seats_->note(event); };
  sessions_ = std::make_unique<web::Sessions>(*session_store_, runtime_clock_, people, sessions);
  api_ = std::make_unique<web::Api>(*record_, *sessions_,
                                    web::Api::Options{config_.web.open_to_viewers});
  front_door_ =
      std::make_unique<web::FrontDoor>(*record_, *sessions_, web::embedded_index(),
                                       web::FrontDoor::Options{config_.web.open_to_viewers});
  for (auto& route : front_door_->routes())
    routes_.add(std::move(route));
  for (auto& route : web::asset_routes(web::embedded_assets()))
    routes_.add(std::move(route));
  for (auto& route : api_->routes())
    routes_.add(std::move(route));
  findings_api_ =
      std::make_unique<web::FindingsApi>(*findings_, *sessions_, runtime_clock_,
                                         web::FindingsApi::Options{config_.web.open_to_viewers});
  for (auto& route : findings_api_->routes())
    routes_.add(std::move(route));
  households_api_ = std::make_unique<web::HouseholdsApi>(
      *households_, *sessions_, runtime_clock_,
      web::HouseholdsApi::Options{config_.web.open_to_viewers});
  for (auto& route : households_api_->routes())
    routes_.add(std::move(route));
  cameras_api_ = std::make_unique<web::CamerasApi>(*cameras_, *sessions_, runtime_clock_);
  for (auto& route : cameras_api_->routes())
    routes_.add(std::move(route));
  seats_api_ = std::make_unique<web::SeatsApi>(*seats_, *sessions_, runtime_clock_);
  for (auto& route : seats_api_->routes())
    routes_.add(std::move(route));
  tokens_ = std::make_unique<GatewayTokens>(GatewayTokens::Parts{
      config_, clock_, store_->journal(), [this](const std::string& id) { read_token_again(id); }});
  devices_api_ = std::make_unique<web::DevicesApi>(*tokens_, *sessions_, runtime_clock_);
  for (auto& route : devices_api_->routes())
    routes_.add(std::move(route));
  series_ = std::make_unique<GatewaySeries>(
      GatewaySeries::Parts{config_, clock_, runtime_clock_, store_->journal()});
  series_api_ = std::make_unique<web::SeriesApi>(*series_, *api_);
  for (auto& route : series_api_->routes())
    routes_.add(std::move(route));
  nodes_api_ = std::make_unique<web::NodesApi>(*rollouts_, *sessions_, runtime_clock_);
  for (auto& route : nodes_api_->routes())
    routes_.add(std::move(route));
  web::ServerOptions options;
  options.listen = config_.web.listen;
  options.tls_certificate = config_.web.tls_certificate;
  options.tls_key = config_.web.tls_key;
  server_ = std::make_unique<web::Server>(io_, runtime_clock_, routes_, std::move(options));
  server_->add_stream("/api/v1/stream", [this](http::Request request) {
    return api_->refuse_reading(std::move(request));
  });
}

void Gateway::build_drivers() {
  const drivers::DriverContext context{io_, config_, clock_, *intake_, routes_};
  for (const drivers::DriverType* type : drivers::registry()) {
    const auto serves = [&](const auto& unit) { return unit.driver == type->name; };
    const bool wanted = type->is_camera
                            ? std::any_of(config_.cameras.begin(), config_.cameras.end(), serves)
                            : std::any_of(config_.devices.begin(), config_.devices.end(), serves);
    if (!wanted) continue;
    build_driver(*type, context);
  }
}

void Gateway::build_driver(const drivers::DriverType& type, const drivers::DriverContext& context) {
  OwnDriver& own = drivers_.emplace_back(OwnDriver{type, nullptr});
  const auto make = [&own, context] {
    if (!own.driver) own.driver = own.type.make(context);
  };
  try {
    make();  // now, because routes are wanted before the server listens
  } catch (const std::exception&) {
    // Its first run meets the same and says it.
  }
  const auto run = [&own, make] {
    make();
    return own.driver->run();
  };
  const auto stop = [&own] {
    if (own.driver) own.driver->stop();
  };
  supervise({std::string(type.name), "driver", run, stop});
}

/// A driver that is not made yet reads all tokens when it is.
void Gateway::read_token_again(const std::string& id) {
  for (OwnDriver& own : drivers_) {
    try {
      if (own.driver) own.driver->read_token_again(id);
    } catch (const std::exception& wrong) {
      log::error("driver " + std::string(own.type.name), wrong.what());
    }
  }
}

void Gateway::build_update() {
  if (config_.update.program.empty() || read_only_) return;
  const auto connected = [this] {
    return uplink_ && uplink_->status().state == sync::UplinkState::Connected;
  };
  slot_watch_ = std::make_unique<SlotWatch>(SlotWatch::Parts{
      io_, config_.update, runtime_clock_, [this] { return start_committed_; }, connected});
  supervise(
      {"update", "watch", [this] { return slot_watch_->run(); }, [this] { slot_watch_->stop(); }});
}

void Gateway::supervise(Work work) {
  parts_.push_back(
      std::make_unique<Supervisor>(io_, runtime_clock_, clock_, std::move(work), seed()));
}

asio::awaitable<Result<void>> Gateway::load() {
  // A day of grace for devices that run ahead; a playback clock has not begun to tell the time.
  const Instant newest = playback_ ? Instant::max() : clock_.now().at + std::chrono::days(1);
  std::vector<std::string> cameras = config_.camera_ids();
  auto snapshot = co_await store_->snapshot(newest, std::move(cameras));
  if (!snapshot) co_return snapshot.error().in("load the state of the site");
  recall(std::move(*snapshot));
  co_await intake_->mirror_heights();
  auto counted = co_await households_->mirror();
  if (!counted) co_return counted;
  auto mirrored = co_await findings_->mirror();
  if (mirrored) mirrored = co_await rollouts_->mirror();
  if (mirrored && !read_only_) mirrored = co_await rollouts_->sweep();
  co_return mirrored;
}

void Gateway::recall(sync::SiteSnapshot snapshot) {
  intake_->resume_after(snapshot.cameras);
  for (auto& stored : snapshot.milestones)
    state_.set_milestone(std::move(stored.milestone));
  for (auto& point : snapshot.estimates)
    state_.show(view_of(std::move(point)));
  state_.set_actions(std::move(snapshot.actions));
  alerts_->recall(std::move(snapshot.alerts));
  SiteState::Memory memory{std::move(snapshot.latest),
                           static_cast<std::uint64_t>(snapshot.counts.stored),
                           static_cast<std::uint64_t>(snapshot.counts.repeated),
                           {}};
  for (const auto& refusal : snapshot.refusals) {
    memory.refused[refusal.device] += static_cast<std::uint64_t>(refusal.count);
  }
  state_.recall(memory);
}

asio::awaitable<Result<void>> Gateway::run() {
  remove_ports_file(config_.storage.state);  // of a gateway that was killed
  auto ready = co_await load();
  if (ready) ready = server_->listen();
  if (!ready) co_return ready;
  if (read_only_) log::warning("gateway", "only shows the record: nothing is taken in or written");
  if (business_time_known() && !read_only_) co_await record_start();
  for (auto& part : parts_)
    asio::co_spawn(io_, part->run(), spoken_end("gateway"));
  server_->start();
  co_await announce_until_stopped();
  co_await drain();
  co_return Result<void>();
}

void Gateway::stop() {
  stopping_ = true;
  stopped_.cancel();
}

asio::awaitable<void> Gateway::record_start() {
  start_recorded_ = true;
  sync::EventDraft event = start_event(clock_.now());
  const auto appended = co_await store_->append(std::move(event));
  start_committed_ = appended.has_value();
  if (!appended) log::error("ledger", appended.error().text());
  const auto followed = co_await store_->catch_up_actions(clock_.now());
  if (!followed) log::error("ledger", followed.error().text());
  if (!followed || *followed == 0) co_return;
  co_await intake_->mirror_actions();
  committed();
}

/// Other programs learn the ports when all parts have begun, and again when they change: a driver
/// that could not listen holds nobody back.
asio::awaitable<void> Gateway::announce_until_stopped() {
  const auto begun = [](const auto& part) { return part->begun(); };
  while (!stopping_ && !std::all_of(parts_.begin(), parts_.end(), begun))
    co_await pause(std::chrono::milliseconds{10});
  Ports told;
  while (!stopping_) {
    Ports ports = open_ports();
    if (ports != told) {
      // On a full disk the box still has work to do; only other programs do not learn the ports.
      const auto written = write_ports_file(config_.storage.state, ports);
      if (!written) log::warning("gateway", written.error().text());
      if (told.empty()) log::info("gateway", "listening on " + server_->url());
      told = std::move(ports);
    }
    stopped_.expires_after(std::chrono::seconds{1});
    co_await stopped_.async_wait(as_result);
  }
}

Ports Gateway::open_ports() const {
  Ports ports;
  ports["web"] = server_->port();
  for (const OwnDriver& own : drivers_) {
    const std::uint16_t port = own.driver ? own.driver->port() : 0;
    if (port != 0) ports[std::string(own.type.name)] = port;
  }
  return ports;
}

asio::awaitable<void> Gateway::drain() {
  log::info("gateway", "stopping");
  stop_parts("driver");
  stop_parts("watch");
  co_await server_->stop();
  intake_->drain();
  stop_parts("uplink");
  const auto until = runtime_clock_.now() + drain_limit;
  while (!drained() && runtime_clock_.now() < until)
    co_await pause(std::chrono::milliseconds{20});
  stop_parts("vision");
  store_->close();
  remove_ports_file(config_.storage.state);
  log::info("gateway", "stopped");
}

void Gateway::stop_parts(std::string_view kind) {
  for (const auto& part : parts_)
    if (part->kind() == kind) part->stop();
}

/// Vision is stopped last: until then it answers for the frames in hand.
bool Gateway::drained() const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const auto& part) { return part->ended() || part->kind() == "vision"; });
}

/// A playback clock stands at zero until its first picture.
bool Gateway::business_time_known() const {
  return clock_.now().at != Instant{};
}

void Gateway::committed() {
  if (!start_recorded_ && business_time_known()) {
    start_recorded_ = true;
    asio::co_spawn(io_, record_start(), spoken_end("gateway"));
  }
  if (uplink_) uplink_->poke();
  server_->changed();
}

}  // namespace jieding
