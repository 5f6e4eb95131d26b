#include "gateway/mirror/mirror.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>

#include "config/words.hpp"
#include "gateway/mirror/names.hpp"
#include "gateway/mirror/page_files.hpp"
#include "gateway/mirror/plain_pages.hpp"
#include "gateway/web/json_parts.hpp"
#include "sync/signed_note.hpp"
#include "sync/tlog_tiles.hpp"

namespace jieding::mirror {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using web::list;
using web::part;
using web::text;

constexpr std::array<unsigned, 4> widths{640, 0, 320, 960};  // as the page asks (api.ts)
/// A first round over thousands of pictures would keep the site waiting.
constexpr std::size_t most_pictures_a_round = 400;
constexpr std::size_t most_device_days = 500;
/// A device's day is told in steps of ten minutes.
constexpr std::chrono::minutes device_days_every{5};
constexpr std::chrono::minutes kept_back_for{10};
constexpr std::string_view evidence_folder = "api/v1/evidence";
constexpr std::string_view own_name = "mirror.json";

Result<json::value> parsed(const std::string& path, std::string_view body) {
  boost::system::error_code failed;
  json::value said = json::parse({body.data(), body.size()}, failed);
  if (failed) return Error(Fault::Invalid, path + " is no JSON; is this address a box?");
  return said;
}

std::string digest(const json::value& said) {
  return std::to_string(std::hash<std::string>{}(json::serialize(said)));
}

PublicPictures rule_of(const json::value& told) {
  PublicPictures rule;
  rule.stopped = text(told, "shown") == "stopped";
  rule.delay = std::chrono::hours(web::whole(part(told, "delay_hours")));
  return rule;
}

/// Whether `now` hides a picture that `before` showed.
bool is_stricter(const PublicPictures& now, const PublicPictures& before) {
  if (before.stopped) return false;
  return now.stopped || now.delay > before.delay;
}

}  // namespace

void Mirror::begin_round() {
  for (const auto& [name, bytes] : held_)
    known_.erase(name);  // a round that broke off never wrote them
  held_.clear();
  wanted_.clear();
  pictures_ = PictureList(options_.most_pictures);
  pictures_asked_ = 0;
}

awaitable<Result<void>> Mirror::round() {
  begin_round();
  if (auto laid = lay_page(folder_, wanted_); !laid) co_return laid;
  const auto site = co_await ask_site();
  if (!site) co_return site.error();
  const Instant read_at = wall_.now().at;
  const PublicPictures rule = rule_of(part(*site, "pictures"));
  if (auto heeded = heed(rule); !heeded) co_return heeded;
  pictures_.add(*site);
  auto brought = co_await bring_findings(*site);
  if (brought) brought = co_await bring_histories(*site);
  if (brought) brought = co_await bring_device_days(*site);
  if (brought) brought = co_await bring_ledger();
  if (brought && !rule.stopped) brought = co_await bring_pictures();
  if (!brought) co_return brought;
  auto published = publish(*site, rule, read_at);
  if (published) wanted_last_ = wanted_;
  co_return published;
}

void Mirror::sweep() {
  if (!wanted_last_.empty()) folder_.keep_only(wanted_last_);
}

awaitable<Result<json::value>> Mirror::ask_site() {
  std::string path = "/api/v1/site";
  const auto answer = co_await box_.ask(path);
  if (!answer) co_return answer.error();
  if (answer->status != 200) {
    co_return Error(Fault::Unavailable,
                    path + " is answered with " + std::to_string(answer->status));
  }
  co_return parsed(path, answer->body);
}

/// What the operator does not want to be seen any more goes at once, before anything is read.
/// Without the last rule (a first round that was cut) nothing is taken for allowed.
Result<void> Mirror::heed(const PublicPictures& rule) {
  boost::system::error_code failed;
  const json::value own = json::parse(folder_.read(own_name), failed);
  const PublicPictures before = failed ? PublicPictures{} : rule_of(part(own, "pictures"));
  if (!is_stricter(rule, before)) return {};
  folder_.remove(evidence_folder);
  makeshift_.clear();
  kept_back_.clear();
  return {};
}

/// Null where the box has none, or keeps it from those who only look; empty where what lies there
/// still holds.
awaitable<Result<json::value>> Mirror::bring_json(std::string path, std::string reason) {
  const std::string name = json_name(path);
  wanted_.insert(name);
  const auto known = known_.find(name);
  if (known != known_.end() && known->second.reason == reason) {
    pictures_.add_names(known->second.pictures);
    json::value still = json::object();
    co_return still;
  }
  auto answer = co_await box_.ask(path);
  if (!answer) co_return answer.error();
  if (answer->status != 200) {
    wanted_.erase(name);
    json::value none;
    co_return none;
  }
  auto said = parsed(path, answer->body);
  if (!said) co_return said;
  PictureList own(options_.most_pictures);
  own.add(*said);
  pictures_.add_names(own.names());
  known_.insert_or_assign(name, Known{std::move(reason), own.names()});
  held_.emplace_back(name, std::move(answer->body));
  co_return said;
}

awaitable<Result<void>> Mirror::bring_findings(const json::value& site) {
  // A day that begins makes findings overdue.
  std::string reason =
      digest(part(site, "findings")) + text(part(site, "clock"), "now").substr(0, 10);
  reason += digest(part(part(site, "ledger"), "size"));
  std::string path = "/api/v1/findings";
  auto all = co_await bring_json(std::move(path), std::move(reason));
  if (!all) co_return all.error();
  if (all->is_null() || all->as_object().contains("findings")) findings_ = std::move(*all);
  for (const json::value& finding : list(findings_, "findings")) {
    std::string one = "/api/v1/findings/" + std::to_string(web::whole(part(finding, "finding")));
    std::string changed = digest(finding);
    const auto brought = co_await bring_json(std::move(one), std::move(changed));
    if (!brought) co_return brought.error();
  }
  co_return Result<void>{};
}

awaitable<Result<void>> Mirror::bring_histories(const json::value& site) {
  for (const json::value& building : list(site, "buildings")) {
    const std::string id = text(building, "id");
    if (!config::is_id(id)) continue;
    std::string path = "/api/v1/buildings/" + id + "/history";
    std::string reason = digest(building);
    const auto brought = co_await bring_json(std::move(path), std::move(reason));
    if (!brought) co_return brought.error();
  }
  co_return Result<void>{};
}

awaitable<Result<void>> Mirror::bring_device_days(const json::value& site) {
  const auto slot = clock_.now().time_since_epoch() / device_days_every;
  std::size_t asked = 0;
  for (const json::value& device : list(site, "devices")) {
    const std::string id = text(device, "id");
    if (!config::is_id(id)) continue;
    if (++asked > most_device_days) break;
    std::string path = "/api/v1/devices/" + id + "/readings";
    std::string reason = std::to_string(slot);
    const auto brought = co_await bring_json(std::move(path), std::move(reason));
    if (!brought) co_return brought.error();
  }
  co_return Result<void>{};
}

/// The checkpoint is asked after the site, so that it covers all leaves that the site names.
awaitable<Result<void>> Mirror::bring_ledger() {
  std::string path = "/checkpoint";
  auto answer = co_await box_.ask(path);
  if (!answer) co_return answer.error();
  const std::string& note = answer->body;
  const auto signed_part = std::string_view(note).substr(0, note.find("\n\n") + 1);
  const auto checkpoint = sync::checkpoint_from_text(signed_part);
  if (!checkpoint) co_return Result<void>{};  // a box that has recorded nothing yet
  for (const auto& tile : sync::tlog::tiles_of(checkpoint->size)) {
    const std::string name = sync::tlog::path_of(tile);
    wanted_.insert(name);
    if (folder_.has(name)) continue;
    std::string from = "/" + name;
    const auto bytes = co_await box_.ask(std::move(from));
    if (!bytes) co_return bytes.error();
    if (bytes->status != 200) co_return Error(Fault::Unavailable, "the box has no " + name);
    if (auto written = folder_.write(name, bytes->body); !written) co_return written;
  }
  held_.emplace_back("checkpoint", std::move(answer->body));
  co_return Result<void>{};
}

awaitable<Result<void>> Mirror::bring_pictures() {
  for (const std::string& sha256 : pictures_.names()) {
    for (const unsigned width : widths)
      wanted_.insert(picture_name(sha256, width));
  }
  for (const std::string& sha256 : pictures_.names()) {
    for (const unsigned width : widths) {
      const auto brought = co_await bring_picture(sha256, width);
      if (!brought) co_return brought;
    }
  }
  co_return Result<void>{};
}

awaitable<Result<void>> Mirror::bring_picture(std::string sha256, unsigned width) {
  const std::string name = picture_name(sha256, width);
  const auto now = clock_.now();
  const auto again = kept_back_.find(sha256);
  if (again != kept_back_.end() && now < again->second) co_return Result<void>{};
  if (folder_.has(name) && !makeshift_.contains(name)) co_return Result<void>{};
  if (pictures_asked_ >= most_pictures_a_round) co_return Result<void>{};
  ++pictures_asked_;
  std::string path = "/api/v1/evidence/" + sha256;
  if (width > 0) path += "?width=" + std::to_string(width);
  const auto answer = co_await box_.ask(std::move(path));
  if (!answer) co_return answer.error();
  if (answer->status != 200) {
    folder_.remove(name);
    kept_back_.insert_or_assign(sha256, now + kept_back_for);
    co_return Result<void>{};
  }
  // Vision had no time for a smaller one; an answer that may be kept for good has a tag.
  if (answer->etag.empty())
    makeshift_.insert(name);
  else
    makeshift_.erase(name);
  co_return folder_.write(name, answer->body);
}

Result<void> Mirror::publish(const json::value& site, const PublicPictures& rule, Instant read_at) {
  for (const bool english : {false, true}) {
    wanted_.insert(plain_name(english));
    held_.emplace_back(plain_name(english), plain_page(site, read_at, english));
  }
  wanted_.insert("api/v1/site.json");
  held_.emplace_back("api/v1/site.json", json::serialize(site));
  const json::object own{
      {"read_at", to_rfc3339(read_at)},
      {"every_s", options_.every.count()},
      {"pictures", {{"shown", json::string(to_text(rule))}, {"delay_hours", rule.delay.count()}}}};
  held_.emplace_back(own_name, json::serialize(own));
  for (const auto& [name, bytes] : held_) {
    if (auto written = folder_.write(name, bytes); !written) return written;
  }
  held_.clear();
  const auto unwanted = [&](const auto& name) { return !wanted_.contains(name); };
  std::erase_if(known_, [&](const auto& one) { return unwanted(one.first); });
  std::erase_if(makeshift_, unwanted);
  const auto now = clock_.now();
  std::erase_if(kept_back_, [&](const auto& one) { return one.second <= now; });
  return {};
}

}  // namespace jieding::mirror
