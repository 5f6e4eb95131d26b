#include "drivers/plain_json.hpp"

#include <boost/json/value.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "drivers/quoted.hpp"

namespace jieding::drivers::plain_json {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_key = 255;
/// In seconds that is the year 5138: who sends more, sends milliseconds.
constexpr double milliseconds_from = 1e11;

std::string shown(std::string_view key) {
  return quoted(key);
}

Result<Instant> time_of(const json::value& value) {
  if (value.is_string()) return from_rfc3339(std::string(value.get_string()));
  if (!value.is_number()) return invalid("is neither seconds since 1970 nor an RFC 3339 text");
  const auto seconds = value.to_number<double>();
  if (seconds >= milliseconds_from) return invalid("is not in seconds; milliseconds? divide them");
  const auto at = senml::instant_of(seconds);
  if (!at) return invalid("is not between 1970 and 9999");
  return *at;
}

/// One measurement as it stands in the body.
struct Entry {
  std::string name;
  const json::value* value = nullptr;
  const json::value* unit = nullptr;
  const json::value* time = nullptr;
};

/// The members of an object of `value`, `unit`, `time` and, in a list, `quantity`.
Result<void> take_members(const json::object& object, bool in_list, Entry& entry) {
  for (const auto& [key, value] : object) {
    if (key == "value") {
      entry.value = &value;
    } else if (key == "unit") {
      entry.unit = &value;
    } else if (key == "time") {
      entry.time = &value;
    } else if (in_list && key == "quantity") {
      if (!value.is_string()) return invalid("'quantity' is not a text");
      entry.name = std::string(value.get_string());
    } else {
      return invalid(shown(key) + " is not known here; send value, unit, time");
    }
  }
  if (entry.value == nullptr) return invalid("has no 'value'");
  return {};
}

class Reader {
 public:
  Reader(const senml::Sender& sender, const Dialect& dialect)
      : sender_(sender), dialect_(dialect), time_(sender.received.at) {}

  Result<Batch> read(const json::value& body) {
    const auto taken = body.is_object() ? object(body.get_object()) : list(body.get_array());
    if (!taken) return taken.error();
    if (batch_.empty()) return invalid("the body holds no measurement");
    return std::move(batch_);
  }

 private:
  Result<void> object(const json::object& object) {
    if (object.size() > senml::most_records) return too_many();
    for (const auto& [key, value] : object) {
      if (renamed(key) != "time") continue;
      const auto at = time_of(value);
      if (!at) return at.error().in(shown(key));
      time_ = *at;
    }
    for (const auto& [key, value] : object) {
      if (key.size() > longest_key) return invalid("a key has more than 255 bytes");
      Entry entry{renamed(key), &value, nullptr, nullptr};
      if (entry.name.empty() || entry.name == "time") continue;
      if (const auto* members = value.if_object()) {
        entry.value = nullptr;
        if (auto taken = take_members(*members, false, entry); !taken)
          return taken.error().in(shown(key));
      }
      if (auto added = add(entry); !added) return added.error().in(shown(key));
    }
    return {};
  }

  Result<void> list(const json::array& list) {
    if (list.size() > senml::most_records) return too_many();
    std::size_t index = 0;
    for (const json::value& each : list) {
      const std::string where = "entry " + std::to_string(index++);
      if (!each.is_object()) return invalid(where + ": is not an object");
      Entry entry;
      if (auto taken = take_members(each.get_object(), true, entry); !taken)
        return taken.error().in(where);
      if (entry.name.empty()) return invalid(where + ": has no 'quantity'");
      entry.name = renamed(entry.name);
      if (entry.name.empty()) continue;
      if (auto added = add(entry); !added) return added.error().in(where);
    }
    return {};
  }

  Result<void> add(const Entry& entry) {
    if (entry.value->is_null()) return {};
    auto name = senml::resolve(entry.name, sender_);
    if (!name) return name.error();
    Reading reading;
    reading.device = sender_.device;
    reading.quantity = std::move(name->quantity);
    reading.statistic = name->statistic;
    const auto value = number_of(*entry.value);
    if (!value) return invalid("is not a number, true, false or null");
    reading.value = *value;
    const auto unit = dialect_.units.find(reading.quantity);
    if (unit != dialect_.units.end()) reading.unit = unit->second;
    if (entry.unit != nullptr) {
      if (!entry.unit->is_string()) return invalid("'unit' is not a text");
      reading.unit = std::string(entry.unit->get_string());
    }
    if (!senml::is_unit(reading.unit)) return invalid("unit is not up to 32 printable characters");
    reading.device_time = time_;
    if (entry.time != nullptr) {
      const auto at = time_of(*entry.time);
      if (!at) return at.error().in("time");
      reading.device_time = *at;
    }
    reading.received = sender_.received;
    batch_.push_back(std::move(reading));
    return {};
  }

  static std::optional<double> number_of(const json::value& value) {
    if (value.is_bool()) return value.get_bool() ? 1 : 0;
    if (!value.is_number()) return std::nullopt;
    const auto number = value.to_number<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  std::string renamed(std::string_view key) const {
    const auto found = dialect_.names.find(key);
    return found == dialect_.names.end() ? std::string(key) : found->second;
  }
  static Error too_many() {
    return {Fault::TooMuch, "the body has more than 2000 measurements; send several"};
  }

  const senml::Sender& sender_;
  const Dialect& dialect_;
  Instant time_;  ///< of what has none of its own
  Batch batch_;
};

}  // namespace

bool is_plain(const json::value& body) {
  if (body.is_object()) return true;
  const json::array* list = body.if_array();
  if (list == nullptr || list->empty()) return false;
  const json::object* first = list->front().if_object();
  return first != nullptr && first->contains("quantity");
}

Result<Batch> read(const json::value& body, const senml::Sender& sender, const Dialect& dialect) {
  return Reader(sender, dialect).read(body);
}

}  // namespace jieding::drivers::plain_json
