#include "sync/frame_log.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <limits>

#include "gateway/domain/site_time.hpp"
#include "sync/canonical_json.hpp"
#include "sync/outbox.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::frame_log {
namespace {

/// A camera that was cut off brings again what it had under way: far fewer than this.
constexpr int answers_kept = 64;

/// A day on the site as the column `at` counts: where it begins before UTC's, and its length.
constexpr std::int64_t day_offset_ms = std::chrono::milliseconds(site_offset).count();
constexpr std::int64_t day_ms = std::chrono::milliseconds(std::chrono::days{1}).count();

constexpr std::string_view point_columns =
    " building, camera, at, storeys, low, high, stage, confidence, bands, corrected, correction,"
    " usable, reasons, picture, overlay, disagree";

std::vector<StoreyState> bands_of(std::string_view digits) {
  std::vector<StoreyState> bands;
  for (const char digit : digits)
    bands.push_back(static_cast<StoreyState>(std::clamp(digit - '0', 0, 4)));
  return bands;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ",") + word;
  return text;
}

std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    words.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

/// `[["top_edge",16.4],["works_ahead",1.4]]`
std::string grounds_text(const std::vector<Measure>& grounds) {
  boost::json::array list;
  for (const Measure& ground : grounds)
    list.push_back(boost::json::array{ground.name, ground.value});
  return boost::json::serialize(list);
}

std::vector<Measure> grounds_of(std::string_view text) {
  boost::system::error_code failed;
  const boost::json::value list = boost::json::parse(text, failed);
  std::vector<Measure> grounds;
  if (failed || !list.is_array()) return grounds;
  for (const boost::json::value& pair : list.get_array()) {
    const boost::json::array* ground = pair.if_array();
    if (ground != nullptr && ground->size() == 2 && ground->front().is_string() &&
        ground->back().is_number())
      grounds.push_back({boost::json::value_to<std::string>(ground->front()),
                         ground->back().to_number<double>()});
  }
  return grounds;
}

EstimatePoint point_from(const Statement& row) {
  EstimatePoint point;
  BuildingEstimate& estimate = point.estimate;
  estimate.building = row.text(0);
  point.camera = row.text(1);
  point.at = instant(row.integer(2));
  estimate.storeys = row.real(3);
  estimate.storeys_low = static_cast<int>(row.integer(4));
  estimate.storeys_high = static_cast<int>(row.integer(5));
  estimate.stage = static_cast<Stage>(row.integer(6));
  estimate.confidence = row.real(7);
  estimate.bands = bands_of(row.view(8));
  estimate.corrected = row.integer(9) != 0;
  estimate.correction = row.text(10);
  point.usable = row.integer(11) != 0;
  point.reasons = parted(row.view(12));
  point.picture = row.text(13);
  point.overlay = row.text(14);
  point.disagree = row.integer(15) != 0;
  return point;
}

Result<std::vector<EstimatePoint>> points_of(Statement query) {
  std::vector<EstimatePoint> points;
  while (query.next())
    points.push_back(point_from(query));
  if (auto done = query.done(); !done) return done.error();
  return points;
}

Result<void> put_estimate(Database& database, const EstimatePoint& point) {
  const BuildingEstimate& estimate = point.estimate;
  // The same frame handed in again takes the place of the first, but a refused one, whose time may
  // be wrong, takes nobody's.
  const std::string insert = point.usable ? "insert or replace" : "insert or ignore";
  return database.run(
      insert +
          " into estimate (building, camera, at, storeys, low, high, stage, confidence, bands,"
          " corrected, correction, usable, reasons, picture, overlay, disagree)"
          " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      estimate.building, point.camera, millis(point.at), estimate.storeys, estimate.storeys_low,
      estimate.storeys_high, estimate.stage, estimate.confidence, to_digits(estimate.bands),
      estimate.corrected, estimate.correction, point.usable, joined(point.reasons), point.picture,
      point.overlay, point.disagree);
}

/// A refused frame says nothing new: the camera's word stays that of its last good one.
Result<void> put_word(Database& database, const CameraWord& word) {
  const BuildingEstimate& estimate = word.estimate;
  return database.run(
      "insert or replace into camera_word (building, camera, at, storeys, low, high, stage,"
      " confidence, bands, grounds) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      estimate.building, word.camera, millis(word.at), estimate.storeys, estimate.storeys_low,
      estimate.storeys_high, estimate.stage, estimate.confidence, to_digits(estimate.bands),
      grounds_text(estimate.grounds));
}

CameraWord word_from(const Statement& row) {
  CameraWord word;
  word.camera = row.text(0);
  word.at = instant(row.integer(1));
  word.estimate.storeys = row.real(2);
  word.estimate.storeys_low = static_cast<int>(row.integer(3));
  word.estimate.storeys_high = static_cast<int>(row.integer(4));
  word.estimate.stage = static_cast<Stage>(row.integer(5));
  word.estimate.confidence = row.real(6);
  word.estimate.bands = bands_of(row.view(7));
  word.estimate.grounds = grounds_of(row.view(8));
  return word;
}

Result<std::vector<CameraWord>> load_words(Database& database, const std::string& building,
                                           const std::vector<std::string>& cameras) {
  Statement query = database.prepare(
      "select camera, at, storeys, low, high, stage, confidence, bands, grounds"
      " from camera_word where building = ? order by camera",
      building);
  std::vector<CameraWord> words;
  while (query.next()) {
    CameraWord word = word_from(query);
    word.estimate.building = building;
    if (std::find(cameras.begin(), cameras.end(), word.camera) != cameras.end())
      words.push_back(std::move(word));
  }
  if (auto done = query.done(); !done) return done.error();
  return words;
}

/// The fused figure of before; an estimate of another number of storeys is another building's.
Result<std::optional<BuildingEstimate>> estimate_before(Database& database,
                                                        const BuildingEstimate& now) {
  auto rows = points_of(
      database.prepare("select" + std::string(point_columns) +
                           " from estimate where building = ? order by at desc, id desc limit 1",
                       now.building));
  if (!rows) return rows.error();
  if (rows->empty() || rows->front().estimate.bands.size() != now.bands.size())
    return std::optional<BuildingEstimate>();
  return std::optional(std::move(rows->front().estimate));
}

/// The words about a building of that many storeys, the speaking camera first.
std::vector<CameraWord> in_speaking_order(std::vector<CameraWord> words, const CameraWord& spoken) {
  std::erase_if(words, [&](const CameraWord& word) {
    return word.camera == spoken.camera ||
           word.estimate.bands.size() != spoken.estimate.bands.size();
  });
  words.insert(words.begin(), spoken);
  return words;
}

Result<EstimatePoint> together(Database& database, const SeenFrame& frame,
                               const BuildingEstimate& estimate) {
  auto words = load_words(database, estimate.building, frame.cameras);
  if (!words) return words.error();
  auto before = estimate_before(database, estimate);
  if (!before) return before.error();
  CameraWord spoken{frame.camera, frame.taken, estimate};
  const auto known = std::find_if(words->begin(), words->end(),
                                  [&](const auto& word) { return word.camera == frame.camera; });
  if (!frame.report.usable && known != words->end()) spoken.at = known->at;
  EstimatePoint point;
  point.camera = frame.camera;
  point.at = frame.taken;
  point.words = in_speaking_order(std::move(*words), spoken);
  FusedEstimate fused = fuse(point.words, *before);
  point.estimate = std::move(fused.estimate);
  point.disagree = fused.disagree;
  point.usable = frame.report.usable;
  point.reasons = frame.report.reasons;
  point.picture = frame.pictures.masked;
  const auto overlay = frame.pictures.overlays.find(estimate.building);
  if (overlay != frame.pictures.overlays.end()) point.overlay = overlay->second;
  return point;
}

Result<void> put_state(Database& database, const EstimatePoint& point) {
  const BuildingEstimate& estimate = point.estimate;
  boost::json::object state;
  state["building"] = estimate.building;
  state["stage"] = to_text(estimate.stage);
  state["storeys"] = estimate.storeys;
  state["storeys_low"] = estimate.storeys_low;
  state["storeys_high"] = estimate.storeys_high;
  state["confidence"] = estimate.confidence;
  state["cameras_disagree"] = point.disagree;
  state["at"] = to_rfc3339(point.at);
  const Result<std::string> payload = canonical_json(state);
  if (!payload) return payload.error();
  return outbox::put_state(database, estimate.building, *payload);
}

Result<void> put_answer(Database& database, const SeenFrame& frame) {
  const Result<void> put = database.run(
      "insert or replace into frame_answer (camera, frame, taken, usable, reasons, picture)"
      " values (?, ?, ?, ?, ?, ?)",
      frame.camera, frame.name, millis(frame.taken), frame.report.usable,
      joined(frame.report.reasons), frame.pictures.masked);
  if (!put) return put;
  return database.run(
      "delete from frame_answer where camera = ? and id <= (select id from frame_answer"
      " where camera = ? order by id desc limit 1 offset ?)",
      frame.camera, frame.camera, answers_kept);
}

}  // namespace

Result<std::vector<EstimatePoint>> record(Database& database, const SeenFrame& frame) {
  Result<void> stored = database.run(
      "insert into camera (id, frame, taken, state) values (?, ?, ?, ?)"
      " on conflict (id) do update set frame = excluded.frame, taken = excluded.taken,"
      " state = excluded.state",
      frame.camera, frame.name, millis(frame.taken), Blob{frame.report.state});
  if (stored) stored = put_answer(database, frame);
  if (!stored) return stored.error();
  std::vector<EstimatePoint> points;
  for (const BuildingEstimate& estimate : frame.report.buildings) {
    auto point = together(database, frame, estimate);
    if (!point) return point.error();
    stored = put_estimate(database, *point);
    if (stored && point->usable) stored = put_word(database, point->words.front());
    if (stored && point->usable) stored = put_state(database, *point);
    if (!stored) return stored.error();
    points.push_back(std::move(*point));
  }
  return points;
}

Result<std::string> picture_before(Database& database, const std::string& camera,
                                   const MilestoneKey& milestone, Instant at) {
  // What the estimates of that time say; of other kinds only the day is known.
  const int storeys =
      milestone.kind == "storey_cast" ? milestone.storey : std::numeric_limits<int>::max();
  const auto stage =
      static_cast<int>(milestone.kind == "topping_out" ? Stage::ToppedOut : Stage::Completed);
  Statement query = database.prepare(
      "select picture from estimate where building = ? and camera = ? and at < ? and usable = 1"
      " and picture <> '' and storeys < ? and stage < ? order by at desc limit 1",
      milestone.building, camera, millis(at), storeys, stage);
  std::string found;
  if (query.next()) found = query.text(0);
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::optional<BuildingPicture>> newest_picture(Database& database,
                                                      const std::string& building, Instant by) {
  Statement query = database.prepare(
      "select picture, overlay, at from estimate where building = ? and at <= ? and usable = 1"
      " and picture <> '' order by at desc limit 1",
      building, millis(by));
  std::optional<BuildingPicture> found;
  if (query.next())
    found = BuildingPicture{query.text(0), query.text(1), instant(query.integer(2))};
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::vector<CameraCursor>> cursors(Database& database) {
  std::vector<CameraCursor> found;
  Statement query = database.prepare("select id, frame, taken, state from camera order by id");
  while (query.next())
    found.push_back({query.text(0), query.text(1), instant(query.integer(2)), query.text(3)});
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::optional<FrameAccepted>> answer(Database& database, const std::string& camera,
                                            const std::string& frame) {
  Statement query = database.prepare(
      "select usable, reasons, picture, taken from frame_answer where camera = ? and frame = ?",
      camera, frame);
  std::optional<FrameAccepted> found;
  if (query.next())
    found = FrameAccepted{query.integer(0) != 0, query.text(1), query.text(2),
                          instant(query.integer(3))};
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<std::vector<EstimatePoint>> latest(Database& database,
                                          const std::vector<std::string>& cameras) {
  auto points = points_of(database.prepare(
      "select" + std::string(point_columns) +
      " from (select distinct building as b from estimate) join estimate on id ="
      " (select id from estimate where building = b order by at desc, id desc limit 1)"
      " order by building"));
  if (!points) return points;
  for (EstimatePoint& point : *points) {
    auto words = load_words(database, point.estimate.building, cameras);
    if (!words) return words.error();
    point.words = std::move(*words);
  }
  return points;
}

Result<std::vector<EstimatePoint>> history(Database& database, const std::string& building,
                                           std::size_t max_points) {
  const Result<std::int64_t> count =
      database.integer("select count(*) from estimate where building = ?", 0, building);
  if (!count) return count.error();
  // Every n-th point and the last one.
  const auto most = static_cast<std::int64_t>(std::max<std::size_t>(max_points, 2) - 1);
  const std::int64_t step = std::max<std::int64_t>(1, (*count + most - 1) / most);
  return points_of(database.prepare(
      "select" + std::string(point_columns) +
          " from estimate join (select id as chosen, row_number() over (order by at, id) - 1"
          " as place from estimate where building = ?) on id = chosen"
          " where place % ? = 0 or place = ? order by place",
      building, step, *count - 1));
}

Result<std::vector<EstimatePoint>> history_by_day(Database& database, const std::string& building) {
  return points_of(database.prepare(
      "select" + std::string(point_columns) +
          " from estimate join (select id as chosen, row_number()"
          " over (partition by (at + ?) / ? order by at desc, id desc) as place from estimate"
          " where building = ? and usable = 1) on id = chosen where place = 1 order by at",
      day_offset_ms, day_ms, building));
}

}  // namespace jieding::sync::frame_log
