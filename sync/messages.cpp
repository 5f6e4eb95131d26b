#include "sync/messages.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "gateway/domain/sha256_name.hpp"

namespace jieding::sync {
namespace {

namespace json = boost::json;

constexpr std::size_t most_name_bytes = 128;
constexpr std::size_t most_nodes = 64;
constexpr std::string_view cloud_event = "application/cloudevents+json; charset=utf-8";

/// Fixed width, so that the order of texts is the order of numbers (CloudEvents `sequence`).
std::string sequence_of(std::uint64_t index) {
  std::string digits = std::to_string(index);
  return digits.size() < 10 ? std::string(10 - digits.size(), '0') + digits : digits;
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  const json::string* text = found ? found->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

const json::object* object_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found ? found->if_object() : nullptr;
}

/// What this box wrote itself; empty if it is no object after all.
json::object parse_own(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

/// A JSON object from outside, bounded in size and depth.
Result<json::object> parse_bounded(std::string_view text) {
  if (text.size() > most_incoming_bytes) return Error(Fault::TooMuch, "message is too long");
  json::parse_options limits;
  limits.max_depth = 4;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, limits);
  if (error) return Error(Fault::Invalid, "not JSON: " + error.message());
  if (!value.is_object()) return Error(Fault::Invalid, "not a JSON object");
  return std::move(value.get_object());
}

Result<std::uint64_t> count_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  boost::system::error_code error;
  const auto number = found ? found->to_number<std::uint64_t>(error) : 0;
  if (!found || error) {
    return Error(Fault::Invalid, std::string(name) + " is not a whole number of 0 or more");
  }
  return number;
}

void append_text(std::string& out, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  });
  if (plain) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += json::serialize(json::string(text));
  }
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Seconds since the epoch, with milliseconds only where there are some (SenML `t`).
void append_seconds(std::string& out, Instant at) {
  const std::int64_t ms = at.time_since_epoch().count();
  append_number(out, ms / 1000);
  if (const std::int64_t rest = std::abs(ms % 1000); rest != 0) {
    std::string fraction = std::to_string(1000 + rest);
    out.append(1, '.').append(fraction, 1);
  }
}

void append_record(std::string& out, const Topics& topics, const Reading& reading, bool new_device,
                   bool conflicting) {
  out += '{';
  if (new_device) {
    out += "\"bn\":";
    append_text(out, "urn:dev:jieding:" + topics.site() + ":" + reading.device + ":");
    out += ',';
  }
  out += "\"n\":";
  append_text(out, reading.quantity + "/" + to_text(reading.statistic));
  if (!reading.unit.empty()) {
    out += ",\"u\":";
    append_text(out, reading.unit);
  }
  out += ",\"v\":";
  append_number(out, reading.value);
  out += ",\"t\":";
  append_seconds(out, reading.device_time);
  if (!reading.flag.empty()) {
    out += ",\"flag\":";
    append_text(out, reading.flag);
  }
  if (conflicting) out += ",\"conflict\":true";
  out += '}';
}

/// The event that raised it names it.
std::string finding_of(const json::object& data, std::uint64_t index) {
  const json::value* named = data.if_contains("finding");
  return named ? json::serialize(*named) : std::to_string(index);
}

std::string_view to_text(Presence presence) {
  switch (presence) {
    case Presence::Online:
      return "online";
    case Presence::Stopped:
      return "stopped";
    case Presence::Offline:
      return "offline";
  }
  return "offline";
}

Request request_of(RequestKind kind) {
  Request request;
  request.kind = kind;
  return request;
}

Result<Request> roll_out_request(const json::object& object) {
  Request request = request_of(RequestKind::RollOut);
  request.image = text_at(object, "image");
  if (!is_sha256(request.image))
    return Error(Fault::Invalid, "image is not 64 lower-case hexadecimal digits");
  const json::value* value = object.if_contains("nodes");
  const json::array* nodes = value == nullptr ? nullptr : value->if_array();
  if (nodes == nullptr || nodes->empty() || nodes->size() > most_nodes)
    return Error(Fault::Invalid, "nodes is not a list of 1 to 64 ids");
  for (const json::value& node : *nodes) {
    const json::string* id = node.if_string();
    if (id == nullptr || id->empty() || id->size() > most_name_bytes)
      return Error(Fault::Invalid, "nodes is not a list of ids");
    request.nodes.emplace_back(*id);
  }
  if (const json::value* older = object.if_contains("allow_older")) {
    if (!older->is_bool()) return Error(Fault::Invalid, "allow_older is not true or false");
    request.allow_older = older->get_bool();
  }
  return request;
}

}  // namespace

Topics::Topics(std::string site, std::string gateway)
    : site_(std::move(site)),
      gateway_(std::move(gateway)),
      root_("jieding/v1/" + site_ + "/" + gateway_ + "/") {}

Message event_message(const Topics& topics, std::uint64_t index, std::string_view leaf) {
  // Our own ledger wrote it: a leaf that does not parse still goes out, exactly as hashed.
  const json::object fields = parse_own(leaf);
  const json::object* what = object_at(fields, "data");
  json::object event{{"specversion", "1.0"},
                     {"id", topics.gateway() + "/" + std::to_string(index)},
                     {"source", topics.source()},
                     {"type", "io.jieding." + text_at(fields, "type") + ".v1"}};
  if (what && what->contains("building") && what->contains("milestone")) {
    event["subject"] = text_at(*what, "building") + "/" + text_at(*what, "milestone");
  } else if (what && what->contains("alert") && what->contains("device")) {
    event["subject"] = text_at(*what, "device");
  } else if (what && text_at(fields, "type") == "finding") {
    event["subject"] = "finding/" + finding_of(*what, index);
  } else if (what && text_at(fields, "type") == "action") {
    event["subject"] = text_at(*what, "subject") + "/" + text_at(*what, "action");
  }
  event["time"] = text_at(fields, "at");
  event["datacontenttype"] = "application/json";
  event["sequence"] = sequence_of(index);
  event["data"] = {{"leaf", leaf}, {"index", index}};
  return Message{topics.event(), json::serialize(event), std::string(cloud_event), false, {}, {}};
}

Message state_message(const Topics& topics, std::string_view building, std::string_view state) {
  json::object data = parse_own(state);
  const std::string at = text_at(data, "at");
  const json::object event{{"specversion", "1.0"},
                           {"id", topics.gateway() + "/state/" + std::string(building) + "/" + at},
                           {"source", topics.source()},
                           {"type", "io.jieding.state.v1"},
                           {"subject", building},
                           {"time", at},
                           {"datacontenttype", "application/json"},
                           {"data", std::move(data)}};
  return Message{
      topics.state(building), json::serialize(event), std::string(cloud_event), true, {}, {}};
}

Message health_message(const Topics& topics, Presence presence, Instant at,
                       std::string_view version, std::uint64_t ledger_size,
                       const BoxIdentity& speaker) {
  const json::object health{{"state", to_text(presence)}, {"at", to_rfc3339(at)},
                            {"version", version},         {"ledger_size", ledger_size},
                            {"box", speaker.box},         {"run", speaker.run}};
  return Message{topics.health(), json::serialize(health), "application/json", true, {}, {}};
}

Result<BoxIdentity> speaker_of_health(std::string_view payload) {
  const auto health = parse_bounded(payload);
  if (!health) return health.error();
  BoxIdentity speaker{text_at(*health, "box"), text_at(*health, "run")};
  if (speaker.box.size() > most_name_bytes || speaker.run.size() > most_name_bytes)
    return Error(Fault::TooMuch, "a box's name is too long");
  return speaker;
}

Message checkpoint_message(const Topics& topics, std::string note) {
  return Message{topics.checkpoint(), std::move(note), "text/plain; charset=utf-8", true, {}, {}};
}

Message evidence_message(const Topics& topics, std::string_view sha256, std::string jpeg) {
  return Message{topics.evidence(sha256), std::move(jpeg), "image/jpeg", false, {}, {}};
}

TelemetryPack::TelemetryPack(const Topics& topics, std::size_t expected_readings)
    : topics_(topics), pack_("[") {
  pack_.reserve(expected_readings * 96 + 64);
}

void TelemetryPack::add(const Reading& reading, bool conflicting) {
  if (!std::isfinite(reading.value)) return;  // JSON has no word for it
  const bool first = pack_.size() == 1;
  if (!first) pack_ += ',';
  append_record(pack_, topics_, reading, first || device_ != reading.device, conflicting);
  device_ = reading.device;
}

Message TelemetryPack::finish() {
  pack_ += ']';
  return Message{topics_.telemetry(), std::move(pack_), "application/senml+json", false, {}, {}};
}

Result<Receipt> parse_receipt(std::string_view payload) {
  const auto object = parse_bounded(payload);
  if (!object) return object.error();
  const auto size = count_at(*object, "size");
  if (!size) return size.error();
  std::string root = text_at(*object, "root");
  if (!is_sha256(root))
    return Error(Fault::Invalid, "root is not 64 lower-case hexadecimal digits");
  return Receipt{*size, std::move(root)};
}

Result<Request> parse_request(std::string_view payload) {
  const auto object = parse_bounded(payload);
  if (!object) return object.error();
  const std::string op = text_at(*object, "op");
  if (op == "state") return Request{};
  if (op == "roll_out") return roll_out_request(*object);
  if (op == "stop_rollout") return request_of(RequestKind::StopRollout);
  if (op == "picture") {
    const std::string camera = text_at(*object, "camera");
    if (camera.empty() || camera.size() > most_name_bytes)
      return Error(Fault::Invalid, "camera is missing");
    Request request = request_of(RequestKind::Picture);
    request.camera = camera;
    return request;
  }
  if (op != "resend")
    return Error(Fault::Invalid, "op is not one of resend, state, picture, roll_out, stop_rollout");
  const auto from = count_at(*object, "from");
  if (!from) return from.error();
  Request request = request_of(RequestKind::Resend);
  request.from = *from;
  return request;
}

Message answer_message(const Message& request, const Result<json::object>& said) {
  json::object answer{{"ok", said.has_value()}};
  if (said.has_error()) {
    answer["error"] = said.error().text();
  } else {
    for (const auto& [name, value] : *said)
      answer[name] = value;
  }
  Message message{
      request.response_topic, json::serialize(answer), "application/json", false, {}, {}};
  message.correlation = request.correlation;
  return message;
}

}  // namespace jieding::sync
