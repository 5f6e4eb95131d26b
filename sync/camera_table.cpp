#include "sync/camera_table.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/domain/milestone.hpp"
#include "sync/leaf_fields.hpp"
#include "sync/time_columns.hpp"

namespace jieding::sync::camera_table {
namespace {

namespace json = boost::json;

constexpr std::string_view event_type = "camera";

Error damaged(std::string_view what) {
  return {Fault::Internal, "camera setup: " + std::string(what) + " cannot be read"};
}

/// The leaf's `data`: the setup with who changed it.
json::object data_of(const CameraChange& change) {
  json::object data = change.setup.value_or(json::object());
  data["act"] = change.setup ? "set_up" : "take_back";
  data["camera"] = change.camera;
  data["owner"] = to_text(Owner::Operator);
  data["by"] = change.by;
  return data;
}

Result<void> apply(Database& database, std::uint64_t index, Instant at, const json::object& data) {
  const std::string camera = text_in(data, "camera");
  if (camera.empty()) return damaged("an event");
  if (text_in(data, "act") == "take_back")
    return database.run("delete from camera_setup where camera = ?", camera);
  return database.run(
      "insert into camera_setup (camera, ledger_index, at, setup) values (?, ?, ?, ?)"
      " on conflict (camera) do update set ledger_index = excluded.ledger_index,"
      " at = excluded.at, setup = excluded.setup",
      camera, index, millis(at), json::serialize(data));
}

Result<json::object> object_from(std::string_view text) {
  boost::system::error_code code;
  json::value value = json::parse(text, code);
  if (code || !value.is_object()) return damaged("a row");
  return std::move(value.get_object());
}

}  // namespace

Result<std::uint64_t> record(Database& database, Ledger& ledger, const CameraChange& change) {
  const json::object data = data_of(change);
  const auto index =
      ledger.append(database, EventDraft{std::string(event_type), change.said, data});
  if (!index) return index;
  if (auto applied = apply(database, *index, change.said.at, data); !applied)
    return applied.error();
  return index;
}

Result<std::vector<StoredCameraSetup>> all(Database& database) {
  std::vector<StoredCameraSetup> found;
  Statement query =
      database.prepare("select camera, ledger_index, at, setup from camera_setup order by camera");
  while (query.next()) {
    auto setup = object_from(query.view(3));
    if (!setup) return setup.error();
    found.push_back({query.text(0), static_cast<std::uint64_t>(query.integer(1)),
                     Instant(std::chrono::milliseconds(query.integer(2))), std::move(*setup)});
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> rebuild(Database& database) {
  if (auto emptied = database.run("delete from camera_setup"); !emptied) return emptied;
  return each_leaf(
      database, event_type,
      [&](std::uint64_t index, const json::object& leaf, const json::object& data) -> Result<void> {
        const auto said = from_rfc3339(text_in(leaf, "at"));
        if (!said) return damaged("an event");
        return apply(database, index, *said, data);
      });
}

}  // namespace jieding::sync::camera_table
