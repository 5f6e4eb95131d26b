#include "drivers/senml.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cmath>
#include <optional>

namespace jieding::drivers::senml {
namespace {

namespace json = boost::json;

constexpr double relative_below = 268'435'456;  // 2^28 s, RFC 8428 §4.5.3
constexpr double latest = 253'402'300'799;      // 9999-12-31T23:59:59Z
constexpr int known_version = 10;
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_unit = 32;

bool is_name_character(char c) {  // RFC 8428 §4.5.1
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == ':' || c == '.' || c == '/' || c == '_';
}

/// The part after the last of `separators`; what stood before stays in `rest`, without it.
std::string_view last_part(std::string_view& rest, std::string_view separators) {
  const auto at = rest.find_last_of(separators);
  const auto part = at == std::string_view::npos ? rest : rest.substr(at + 1);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(0, at);
  return part;
}

bool names_sender(std::string_view prefix, const Sender& sender) {
  constexpr std::string_view ours = "urn:dev:jieding:";
  if (prefix.empty() || prefix == sender.device) return true;
  if (prefix.starts_with(ours)) {
    return prefix.substr(ours.size()) == sender.site + ":" + sender.device;
  }
  return prefix.starts_with("urn:dev:");  // the maker's own number of the device (RFC 9039)
}

/// One record's fields, by type; what is absent is empty.
struct Record {
  std::optional<std::string> bn, bu, n, u;
  std::optional<double> bt, bv, t, v;
  bool only_base = true;  ///< sets base values for those that follow, and measures nothing itself
};

class RecordReader {
 public:
  Result<Record> read(const json::object& object) {
    for (const auto& [key, value] : object) {
      if (!field(key, value)) return invalid("'" + std::string(key) + "' " + wrong_);
    }
    return std::move(record_);
  }

 private:
  bool field(std::string_view key, const json::value& value) {
    if (key == "bn") return text(record_.bn, value);
    if (key == "bu") return text(record_.bu, value);
    if (key == "bt") return number(record_.bt, value);
    if (key == "bv") return number(record_.bv, value);
    if (key == "bver") return version(value);
    record_.only_base = false;
    if (key == "n") return text(record_.n, value);
    if (key == "u") return text(record_.u, value);
    if (key == "t") return number(record_.t, value);
    if (key == "v") return number(record_.v, value);
    if (key == "vb") return boolean(value);
    constexpr std::array not_kept{"vs", "vd", "s", "bs"};
    if (std::find(not_kept.begin(), not_kept.end(), key) != not_kept.end()) {
      return fail("is not kept here; send a number in v");
    }
    return !key.ends_with('_') || fail("must be understood and is not");
  }
  bool text(std::optional<std::string>& into, const json::value& value) {
    if (!value.is_string() || value.get_string().size() > longest_name) {
      return fail("is not a text of at most 255 bytes");
    }
    into = std::string(value.get_string());
    return true;
  }
  bool number(std::optional<double>& into, const json::value& value) {
    if (!value.is_number()) return fail("is not a number");
    const double given = value.to_number<double>();
    if (!std::isfinite(given)) return fail("is not a finite number");
    if (into) return fail("comes beside another value");
    into = given;
    return true;
  }
  bool boolean(const json::value& value) {
    if (!value.is_bool()) return fail("is not true or false");
    if (record_.v) return fail("comes beside another value");
    record_.v = value.get_bool() ? 1 : 0;
    return true;
  }
  bool version(const json::value& value) {
    const bool known =
        value.is_int64() && value.get_int64() >= 1 && value.get_int64() <= known_version;
    return known || fail("is a version that is not understood; send 10 or leave it out");
  }
  bool fail(const char* why) {
    wrong_ = why;
    return false;
  }

  Record record_;
  std::string wrong_;
};

/// Carries base values from record to record.
class Resolver {
 public:
  explicit Resolver(const Sender& sender) : sender_(sender) {}

  Result<void> add(const Record& record) {
    if (record.bn) base_name_ = *record.bn;
    if (record.bu) base_unit_ = *record.bu;
    if (record.bt) base_time_ = *record.bt;
    if (record.bv) base_value_ = *record.bv;
    if (record.only_base) return {};
    if (!record.v && !base_value_) return invalid("has no value v");
    auto name = resolve(base_name_ + record.n.value_or(""), sender_);
    if (!name) return name.error();
    const auto at = time(base_time_ + record.t.value_or(0));
    if (!at) return invalid("time is not between 1970 and 9999");
    Reading reading;
    reading.device = sender_.device;
    reading.quantity = std::move(name->quantity);
    reading.statistic = name->statistic;
    reading.value = base_value_.value_or(0) + record.v.value_or(0);
    if (!std::isfinite(reading.value)) return invalid("value is not finite");
    reading.unit = record.u.value_or(base_unit_);
    if (!is_unit(reading.unit)) return invalid("unit is not up to 32 printable characters");
    reading.device_time = *at;
    reading.received = sender_.received;
    batch_.push_back(std::move(reading));
    return {};
  }
  Batch take() { return std::move(batch_); }

 private:
  std::optional<Instant> time(double seconds) const {
    if (seconds < relative_below) {
      const auto now = sender_.received.at.time_since_epoch();
      seconds += std::chrono::duration<double>(now).count();
    }
    return instant_of(seconds);
  }

  const Sender& sender_;
  std::string base_name_;
  std::string base_unit_;
  double base_time_ = 0;
  std::optional<double> base_value_;
  Batch batch_;
};

}  // namespace

Result<Name> resolve(const std::string& full, const Sender& sender) {
  const bool legal = !full.empty() && full.size() <= longest_name &&
                     std::all_of(full.begin(), full.end(), is_name_character);
  if (!legal)
    return invalid("the name (in SenML bn and n) is not 1 to 255 letters, digits and -:./_");
  std::string_view prefix = full;
  Name name;
  std::string_view last = last_part(prefix, ":/");
  if (const auto statistic = statistic_from_text(last)) {
    name.statistic = *statistic;
    last = last_part(prefix, ":/");
  }
  if (!is_quantity(last)) {
    return invalid("name '" + full + "' does not end in QUANTITY or QUANTITY/STATISTIC " +
                   "(such as pm10 or pm10/minute.mean)");
  }
  name.quantity = last;
  if (!names_sender(prefix, sender)) {
    return Error{Fault::Refused,
                 "name '" + full + "' is not of device " + sender.device + ", whose token this is"};
  }
  return name;
}

bool is_unit(std::string_view text) {
  return text.size() <= longest_unit &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<Instant> instant_of(double seconds) {
  using std::chrono::milliseconds;
  if (!(seconds >= 0 && seconds <= latest)) return std::nullopt;
  return Instant{milliseconds{static_cast<std::int64_t>(std::llround(seconds * 1000))}};
}

Result<Batch> read(const json::value& pack, const Sender& sender) {
  if (!pack.is_array() || pack.get_array().empty()) {
    return invalid("not SenML: expected an array of records");
  }
  if (pack.get_array().size() > most_records) {
    return Error{Fault::TooMuch, "the pack has more than 2000 records; send several"};
  }
  Resolver resolver(sender);
  std::size_t index = 0;
  for (const json::value& each : pack.get_array()) {
    const std::string where = "record " + std::to_string(index++);
    if (!each.is_object()) return invalid(where + ": is not an object");
    const auto record = RecordReader{}.read(each.get_object());
    if (!record) return record.error().in(where);
    if (const auto added = resolver.add(*record); !added) return added.error().in(where);
  }
  Batch batch = resolver.take();
  if (batch.empty()) return invalid("the pack holds no measurement");
  return batch;
}

}  // namespace jieding::drivers::senml
