#include "tests/uplink/box.hpp"

#include <stdexcept>

namespace jieding::test {
namespace {

using std::chrono::milliseconds;

const Instant first_day = from_rfc3339("2024-11-08T04:13:00Z").value();

sync::EventDraft topping_out_proposed() {
  sync::EventDraft draft;
  draft.type = "milestone";
  draft.at = {first_day, TimeQuality::Synced};
  draft.data = {{"building", "b1"},
                {"milestone", "topping_out"},
                {"storey", 0},
                {"act", "propose"},
                {"owner", "box"},
                {"by", "mast"},
                {"named_at", "2024-11-08"},
                {"status", "candidate"},
                {"evidence", boost::json::array()}};
  return draft;
}

}  // namespace

Box::~Box() {
  close();
}

sync::Uplink::Options Box::quick(int port) {
  sync::Uplink::Options options;
  options.site = "hz-demo";
  options.gateway = "gw1";
  options.version = "0.1.0";
  options.uplink.enabled = true;
  options.uplink.host = "127.0.0.1";
  options.uplink.port = port;
  options.uplink.receipt_timeout = std::chrono::hours{1};
  options.uplink.backoff_first = milliseconds{20};
  options.uplink.backoff_most = milliseconds{200};
  options.uplink.telemetry_pack = 1;
  options.save_every = milliseconds{20};
  options.telemetry.linger = milliseconds{20};
  return options;
}

void Box::open(std::filesystem::path folder) {
  options_.state = std::move(folder);
  options_.gateway = "gw1";
  options_.survive_power_loss = false;  // these tests kill brokers, not disks
  auto opened = sync::Store::open(io_.get_executor(), options_);
  if (!opened) throw std::runtime_error(opened.error().text());
  store_ = std::move(*opened);
}

void Box::close() {
  stop();
  if (store_) store_->close();
  store_.reset();
}

void Box::start(sync::Uplink::Options options) {
  uplink_ = std::make_unique<sync::Uplink>(io_.get_executor(), *store_, business_clock_, clock_,
                                           std::move(options));
  ended_ = false;
  boost::asio::co_spawn(io_, uplink_->run(),
                        [this](std::exception_ptr, Result<void>) { ended_ = true; });
}

void Box::stop() {
  if (!uplink_) return;
  uplink_->stop();
  until(io_, [this] { return ended_; });
  uplink_.reset();
}

Limit Box::moment_limit() {
  Limit limit;
  limit.id = limit.en = "moment";
  limit.zh = "力矩超限";
  limit.quantity = "crane_moment";
  limit.unit = "%";
  limit.threshold = limit.clear = 100;
  return limit;
}

void Box::silence(const std::string& device, bool raised) {
  boost::json::object what;
  if (raised)
    what = {{"of", "device"}, {"silent_after_s", 600.0}, {"last_heard", to_rfc3339(first_day)}};
  sync::AlertChange change{{"silence", device, ""}, raised, {first_day, TimeQuality::Synced}, what};
  if (!wait(store_->alert(std::move(change)))) throw std::runtime_error("alert failed");
}

void Box::pass_limit(const std::string& device) {
  Reading reading;
  reading.device = device;
  reading.quantity = moment_limit().quantity;
  reading.unit = moment_limit().unit;
  reading.value = 120;
  reading.device_time = first_day;
  reading.received = {first_day, TimeQuality::Synced};
  if (!wait(store_->readings({reading}))) throw std::runtime_error("readings failed");
}

void Box::find_and_close() {
  const std::string person = "sha256:" + std::string(64, '1');
  const Stamp said{first_day, TimeQuality::Synced};
  const auto photo = wait(store_->findings().photo({person, "masked photo", first_day}));
  if (!photo) throw std::runtime_error("photo failed");
  sync::FindingWord word;
  word.place = {"b1", 7, std::string(64, 'b')};
  word.step = {FindingAct::Raise, Owner::Group, person, said, std::string(64, 'a'), {*photo}, {}};
  if (!wait(store_->findings().say(word, {}, 14, {}))) throw std::runtime_error("raise failed");
  word.step = {FindingAct::SetDue, Owner::Operator, person, said, "", {}, site_day(first_day)};
  if (!wait(store_->findings().say(word, {}, 14, {}))) throw std::runtime_error("set_due failed");
  word.step = {FindingAct::Close, Owner::Group, person, said, "", {}, {}};
  if (!wait(store_->findings().say(word, {}, 14, {}))) throw std::runtime_error("close failed");
}

void Box::append_events(int count) {
  constexpr int most_at_once = 512;  // one commit of the journal
  int left = count, open = 0;
  bool failed = false;
  const auto begin_one = [&] {
    boost::asio::co_spawn(io_, store_->append(topping_out_proposed()),
                          [&](std::exception_ptr, Result<std::uint64_t> index) {
                            --open;
                            failed = failed || !index;
                            if (uplink_) uplink_->poke();
                          });
  };
  while (left > 0) {
    for (; left > 0 && open < most_at_once; --left, ++open)
      begin_one();
    until(io_, [&open] { return open == 0; });
  }
  if (failed) throw std::runtime_error("append failed");
}

void Box::put_readings(int count) {
  constexpr int most_per_batch = 500;
  for (int left = count; left > 0;) {
    Batch batch;
    for (; left > 0 && batch.size() < most_per_batch; --left) {
      const Instant at = first_day + std::chrono::seconds{++readings_};
      batch.push_back(
          {"pm-1", "pm10", {}, 40.0 + readings_ % 50, "ug/m3", at, {at, TimeQuality::Synced}, "N"});
    }
    if (!wait(store_->readings(std::move(batch)))) throw std::runtime_error("readings failed");
    if (uplink_) uplink_->poke();
  }
}

void Box::put_frame(int storeys, const std::string& jpeg) {
  sync::FrameCommit commit;
  commit.camera = "mast";
  commit.taken = first_day + std::chrono::hours{++frames_};
  commit.name = to_basic_utc(commit.taken) + ".jpg";
  commit.report.usable = true;
  BuildingEstimate estimate;
  estimate.building = "b1";
  estimate.storeys = storeys;
  estimate.storeys_low = storeys;
  estimate.storeys_high = storeys + 1;
  estimate.stage = Stage::Superstructure;
  estimate.confidence = 0.9;
  estimate.bands.assign(18, StoreyState::Background);
  commit.report.buildings.push_back(estimate);
  if (!jpeg.empty()) commit.report.pictures.push_back({"masked", "", jpeg});
  if (!wait(store_->frame(std::move(commit)))) throw std::runtime_error("frame failed");
  if (uplink_) uplink_->poke();
}

std::uint64_t Box::receipted() {
  std::function<Result<sync::Receipted>(sync::Database&)> work = [](sync::Database& db) {
    return sync::outbox::receipted(db);
  };
  return wait(store_->journal().read<sync::Receipted>(std::move(work)))->size;
}

}  // namespace jieding::test
