#include "drivers/hj212_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "drivers/hj212_factors.hpp"

namespace jieding::drivers::hj212 {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, 40)) + "'";
}

/// Digits with at most one sign and one point (the standard's N formats): no exponent, no `nan`.
std::optional<double> measured(std::string_view text) {
  const auto plain = [](char c) { return is_digit(c) || c == '.' || c == '-'; };
  if (text.size() > 20 || !std::all_of(text.begin(), text.end(), plain)) return std::nullopt;
  double value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

struct Upload {
  std::string_view cn;
  Period period;
};
constexpr std::array<Upload, 4> uploads{{
    {"2011", Period::Realtime},
    {"2051", Period::Minute},
    {"2061", Period::Hour},
    {"2031", Period::Day},
}};

enum class Use { Stored, Known };  ///< Known: in the standard, of no use here

struct Suffix {
  std::string_view text;
  Use use;
  bool realtime;
  Aggregate aggregate;
  std::string_view quantity_end;
};
// Data, DayData and NightData are the statistics of noise (Annex C). ZsRtd and the like are values
// converted to standard gas conditions, which dust and noise do not have.
constexpr std::array<Suffix, 14> suffixes{{
    {"Rtd", Use::Stored, true, Aggregate::Sample, ""},
    {"Min", Use::Stored, false, Aggregate::Minimum, ""},
    {"Avg", Use::Stored, false, Aggregate::Mean, ""},
    {"Max", Use::Stored, false, Aggregate::Maximum, ""},
    {"Cou", Use::Stored, false, Aggregate::Total, ""},
    {"Data", Use::Stored, false, Aggregate::Mean, ""},
    {"DayData", Use::Stored, false, Aggregate::Mean, "_day"},
    {"NightData", Use::Stored, false, Aggregate::Mean, "_night"},
    {"EFlag", Use::Known, true, Aggregate::Sample, ""},
    {"SampleTime", Use::Known, true, Aggregate::Sample, ""},
    {"ZsRtd", Use::Known, true, Aggregate::Sample, ""},
    {"ZsMin", Use::Known, false, Aggregate::Sample, ""},
    {"ZsAvg", Use::Known, false, Aggregate::Sample, ""},
    {"ZsMax", Use::Known, false, Aggregate::Sample, ""},
}};

/// Where a code leads: through the station's aliases to the table, or to its own name.
struct Meaning {
  std::string quantity;
  std::string unit;
  double factor = 1;
  const Factor* range = nullptr;
};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Meaning meaning(std::string_view code, const Dialect& dialect) {
  const auto alias = dialect.aliases.find(code);
  const std::string_view standard = alias == dialect.aliases.end() ? code : alias->second;
  auto unit = dialect.units.find(code);
  if (unit == dialect.units.end()) unit = dialect.units.find(standard);
  const Factor* factor = find_factor(standard);
  const bool told = unit != dialect.units.end();
  if (factor == nullptr) return {lower_case(standard), told ? unit->second : "", 1, nullptr};
  const auto ratio = scale(told ? std::string_view(unit->second) : factor->sent, factor->unit);
  return {std::string(factor->quantity), std::string(factor->unit), ratio.value_or(1), factor};
}

/// Turns the items of one message into readings.
class Converter {
 public:
  Converter(const Dialect& dialect, Reading common)
      : dialect_(dialect), common_(std::move(common)) {}

  std::optional<Complaint> add(const Item& item) {
    for (const Field& field : item) {
      const auto dash = field.name.rfind('-');
      if (dash == std::string::npos || !is_word(field.name.substr(0, dash), 1, 64)) {
        return Complaint{"format", quoted(field.name) + " is not a factor with a suffix"};
      }
      const std::string code = field.name.substr(0, dash);
      const std::string suffix = field.name.substr(dash + 1);
      const auto wrong = suffix == "Flag" ? check_flag(field) : add(code, suffix, field, item);
      if (wrong) return wrong;
    }
    return std::nullopt;
  }
  Batch take() { return std::move(batch_); }

 private:
  static std::optional<Complaint> check_flag(const Field& field) {
    if (field.value.size() <= 4 && std::all_of(field.value.begin(), field.value.end(), is_letter)) {
      return std::nullopt;
    }
    return Complaint{"data_flag", field.name + "=" + quoted(field.value) + " is not a letter"};
  }
  static std::string flag_of(std::string_view code, const Item& item) {
    for (const Field& field : item) {
      if (field.name.size() == code.size() + 5 && field.name.starts_with(code) &&
          field.name.ends_with("-Flag")) {
        return field.value;
      }
    }
    return {};
  }

  std::optional<Complaint> add(const std::string& code, const std::string& suffix,
                               const Field& field, const Item& item) {
    const auto known = std::find_if(suffixes.begin(), suffixes.end(),
                                    [&](const Suffix& each) { return each.text == suffix; });
    const bool realtime = common_.statistic.period == Period::Realtime;
    if (known == suffixes.end() || (known->use == Use::Stored && known->realtime != realtime)) {
      return Complaint{"suffix", quoted(field.name) + " does not belong into this command"};
    }
    if (known->use == Use::Known) return std::nullopt;
    const auto value = measured(field.value);
    if (!value) return Complaint{"value", field.name + "=" + quoted(field.value) + " is no number"};
    const Meaning means = meaning(code, dialect_);
    Reading reading = common_;
    reading.quantity = means.quantity + std::string(known->quantity_end);
    reading.statistic.aggregate = known->aggregate;
    const bool total = known->aggregate == Aggregate::Total;
    // A total is an amount (kg, Annex C), not a concentration.
    reading.value = total ? *value : std::round(*value * means.factor * 1e6) / 1e6;
    reading.unit = total ? "kg" : means.unit;
    reading.flag = flag_of(code, item);
    if (!total) {
      if (auto wrong = check_range(reading, field, means)) return wrong;
    }
    batch_.push_back(std::move(reading));
    return std::nullopt;
  }

  static std::optional<Complaint> check_range(const Reading& reading, const Field& field,
                                              const Meaning& means) {
    const bool normal = reading.flag.empty() || reading.flag == "N" || reading.flag == "S";
    if (!normal || means.range == nullptr || reading.value == 0) return std::nullopt;
    const Factor& range = *means.range;
    if (reading.value >= range.least && reading.value <= range.most) return std::nullopt;
    return Complaint{"range", field.name + "=" + quoted(field.value) + " is beyond what " +
                                  reading.quantity +
                                  " can be; does `units` say what the station sends?"};
  }

  const Dialect& dialect_;
  Reading common_;
  Batch batch_;
};

}  // namespace

Result<void> check(const Dialect& dialect) {
  for (const auto& [vendor, standard] : dialect.aliases) {
    if (!is_word(vendor, 1, 64) || !is_word(standard, 1, 64)) {
      return Error{Fault::Invalid, "aliases." + vendor + ": write letters, digits and _ only"};
    }
  }
  for (const auto& [code, unit] : dialect.units) {
    const auto alias = dialect.aliases.find(code);
    const Factor* factor = find_factor(alias == dialect.aliases.end() ? code : alias->second);
    if (factor != nullptr && !scale(unit, factor->unit)) {
      return Error{Fault::Invalid, "units." + code + ": '" + unit + "' is not a unit of " +
                                       std::string(factor->quantity) + "; left out it is " +
                                       std::string(factor->sent)};
    }
  }
  return {};
}

Parsed<Batch> readings(const Message& message, const Dialect& dialect, std::string_view device,
                       Stamp received) {
  const auto upload = std::find_if(uploads.begin(), uploads.end(),
                                   [&](const Upload& each) { return each.cn == message.cn; });
  if (upload == uploads.end()) {
    return Complaint{"unknown_cn", "CN " + message.cn + " is not one of 2011 2051 2061 2031"};
  }
  const auto& items = message.items;
  const bool dated = !items.empty() && items[0].size() == 1 && items[0][0].name == "DataTime";
  const auto at = dated ? local_time(items[0][0].value) : std::nullopt;
  if (!at) return Complaint{"datatime", "CP does not begin with DataTime=YYYYMMDDhhmmss"};
  Reading common;
  common.device = device;
  common.statistic.period = upload->period;
  common.device_time = *at;
  common.received = received;
  Converter converter(dialect, std::move(common));
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (auto wrong = converter.add(items[i])) return *wrong;
  }
  Batch batch = converter.take();
  if (batch.empty()) return Complaint{"empty", "CP holds no measurement"};
  return batch;
}

}  // namespace jieding::drivers::hj212
