#include "drivers/hj212_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "drivers/china_time.hpp"
#include "drivers/hj212_factors.hpp"
#include "drivers/quoted.hpp"
#include "gateway/domain/digit.hpp"

namespace jieding::drivers::hj212 {
namespace {

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
// converted to standard gas conditions, which dust and noise do not have. Info is text.
constexpr std::array<Suffix, 15> suffixes{{
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
    {"Info", Use::Known, true, Aggregate::Sample, ""},
    {"ZsRtd", Use::Known, true, Aggregate::Sample, ""},
    {"ZsMin", Use::Known, false, Aggregate::Sample, ""},
    {"ZsAvg", Use::Known, false, Aggregate::Sample, ""},
    {"ZsMax", Use::Known, false, Aggregate::Sample, ""},
}};

/// `LA-td` and what differs in its letters' case only.
const Suffix* meant_suffix(std::string_view text) {
  if (text == "td") text = "Rtd";
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const Suffix& suffix : suffixes) {
    if (std::equal(text.begin(), text.end(), suffix.text.begin(), suffix.text.end(), same)) {
      return &suffix;
    }
  }
  return nullptr;
}

const Suffix* find_suffix(std::string_view text) {
  for (const Suffix& suffix : suffixes) {
    if (suffix.text == text) return &suffix;
  }
  return nullptr;
}

/// Where a code leads: through the station's aliases and the edition's names to the table, or to
/// its own name.
struct Meaning {
  std::string quantity;
  std::string_view unit;
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

Meaning meaning(std::string_view code, Edition edition, const Dialect& dialect) {
  const auto alias = dialect.aliases.find(code);
  const std::string_view standard =
      alias == dialect.aliases.end() ? modern_code(edition, code) : alias->second;
  auto unit = dialect.units.find(code);
  if (unit == dialect.units.end()) unit = dialect.units.find(standard);
  const std::string_view told =
      unit == dialect.units.end() ? std::string_view{} : std::string_view(unit->second);
  const Factor* factor = find_factor(standard);
  if (factor == nullptr) return {lower_case(standard), told, 1, nullptr};
  const auto ratio = scale(told.empty() ? factor->sent : told, factor->unit);
  return {std::string(factor->quantity), factor->unit, ratio.value_or(1), factor};
}

/// `a34004-Rtd=41.0`
struct Field {
  std::string_view name;
  std::string_view value;
  std::string_view code;    ///< before the dash
  std::string_view suffix;  ///< behind it
};

std::string_view trimmed(std::string_view text) {
  if (!text.starts_with(' ') && !text.ends_with(' ')) return text;
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Turns the items of one message into readings.
class Converter {
 public:
  Converter(Edition edition, const Dialect& dialect, Reading common)
      : edition_(edition), dialect_(dialect), common_(std::move(common)) {
    batch_.reserve(16);
    item_.reserve(8);
  }

  std::optional<Complaint> read(std::string_view contents) {
    while (!contents.empty()) {
      const auto text = next_part(contents, ';');
      if (text.empty()) return Complaint{"format", "two ; follow each other in CP"};
      if (auto wrong = split(text)) return wrong;
      if (auto wrong = convert()) return wrong;
    }
    return std::nullopt;
  }
  Decoded take() { return {std::move(batch_), used_, false}; }

 private:
  static std::optional<Complaint> not_an_item(std::string_view text) {
    return Complaint{"format", quoted(text) + " in CP is not NAME=value,NAME=value"};
  }

  /// The fields between two `;` of CP: they belong together.
  std::optional<Complaint> split(std::string_view text) {
    item_.clear();
    if (text.ends_with(',')) return not_an_item(text);
    for (auto rest = text; !rest.empty();) {
      const auto field = next_part(rest, ',');
      const auto equals = field.find('=');
      if (equals == 0 || equals == std::string_view::npos) return not_an_item(text);
      const auto name = strip(field.substr(0, equals));
      const auto dash = name.rfind('-');
      item_.push_back(
          {name, strip(field.substr(equals + 1)), name.substr(0, dash),
           dash == std::string_view::npos ? std::string_view{} : name.substr(dash + 1)});
    }
    return std::nullopt;
  }

  std::string_view strip(std::string_view text) {
    const auto bare = trimmed(text);
    if (bare.size() != text.size()) used_.add(Tolerance::Blanks);
    return bare;
  }

  std::optional<Complaint> convert() {
    const std::size_t before = batch_.size();
    for (const Field& field : item_) {
      if (field.name == "Flag") {
        if (auto wrong = set_loose_flag(field, before)) return wrong;
        continue;
      }
      if (field.suffix.empty() || !is_word(field.code, 1, 64)) {
        return Complaint{"format", quoted(field.name) + " is not a factor with a suffix"};
      }
      if (auto wrong = field.suffix == "Flag" ? check_flag(field) : add(field)) return wrong;
    }
    last_item_ = before;
    return std::nullopt;
  }

  std::optional<Complaint> check_flag(const Field& field) const {
    if (is_data_flag(edition_, field.value)) return std::nullopt;
    return Complaint{"data_flag", quoted(field.name) + "=" + quoted(field.value) + " is no flag"};
  }

  /// `Flag=N` without a code speaks of its own item, or alone of the one before.
  std::optional<Complaint> set_loose_flag(const Field& field, std::size_t own) {
    used_.add(Tolerance::LooseFlag);
    if (auto wrong = check_flag(field)) return wrong;
    for (std::size_t i = item_.size() > 1 ? own : last_item_; i < batch_.size(); ++i) {
      if (batch_[i].flag.empty()) batch_[i].flag = field.value;
    }
    return std::nullopt;
  }

  std::string_view flag_of(std::string_view code) const {
    for (const Field& field : item_) {
      if (field.suffix == "Flag" && field.code == code) return field.value;
    }
    return {};
  }

  const Suffix* suffix_of(const Field& field) {
    const Suffix* known = find_suffix(field.suffix);
    if (known == nullptr) {
      known = meant_suffix(field.suffix);
      if (known != nullptr) used_.add(Tolerance::MisspeltSuffix);
    }
    const bool realtime = common_.statistic.period == Period::Realtime;
    const bool fits = known != nullptr && (known->use == Use::Known || known->realtime == realtime);
    return fits ? known : nullptr;
  }

  std::optional<Complaint> add(const Field& field) {
    const Suffix* known = suffix_of(field);
    if (known == nullptr) {
      return Complaint{"suffix", quoted(field.name) + " does not belong into this command"};
    }
    if (known->use == Use::Known) return std::nullopt;
    const auto value = measured(field.value);
    if (!value) {
      return Complaint{"value", quoted(field.name) + "=" + quoted(field.value) + " is no number"};
    }
    Meaning means = meaning(field.code, edition_, dialect_);
    Reading& reading = batch_.emplace_back(common_);
    reading.quantity = std::move(means.quantity);
    reading.quantity += known->quantity_end;
    reading.statistic.aggregate = known->aggregate;
    const bool total = known->aggregate == Aggregate::Total;
    // A total is an amount (kg, Annex C), not a concentration.
    reading.value = total ? *value : std::round(*value * means.factor * 1e6) / 1e6;
    reading.unit = total ? std::string_view("kg") : means.unit;
    reading.flag = flag_of(field.code);
    return total ? std::nullopt : check_range(reading, field, means);
  }

  static std::optional<Complaint> check_range(const Reading& reading, const Field& field,
                                              const Meaning& means) {
    const bool normal = reading.flag.empty() || reading.flag == "N" || reading.flag == "S";
    if (!normal || means.range == nullptr || reading.value == 0) return std::nullopt;
    const Factor& range = *means.range;
    if (reading.value >= range.least && reading.value <= range.most) return std::nullopt;
    return Complaint{"range", quoted(field.name) + "=" + quoted(field.value) + " is beyond what " +
                                  reading.quantity +
                                  " can be; does `units` say what the station sends?"};
  }

  Edition edition_;
  const Dialect& dialect_;
  Reading common_;
  Batch batch_;
  std::vector<Field> item_;
  std::size_t last_item_ = 0;  ///< where the readings of the item before begin
  Tolerances used_;
};

Period period_of(std::string_view cn) {
  const auto upload = std::find_if(uploads.begin(), uploads.end(),
                                   [&](const Upload& each) { return each.cn == cn; });
  return upload == uploads.end() ? Period::Realtime : upload->period;
}

constexpr std::string_view data_time_name = "DataTime=";

/// When the logger was last started (CN 2081): RestartTime, kept as seconds since 1970.
Parsed<Batch> restart(std::string_view contents, Reading common) {
  constexpr std::string_view name = "RestartTime=";
  const auto at =
      contents.starts_with(name) ? local_time(contents.substr(name.size())) : std::nullopt;
  if (!at) return Complaint{"value", quoted(contents) + " is not RestartTime=YYYYMMDDhhmmss"};
  common.quantity = "restart_time";
  common.unit = "s";
  common.value = static_cast<double>(at->time_since_epoch().count()) / 1000;
  return Batch{std::move(common)};
}

Error foreign_unit(const std::string& code, const std::string& unit, const Factor& factor) {
  return {Fault::Invalid, "units." + code + ": '" + unit + "' is not a unit of " +
                              std::string(factor.quantity) + "; left out it is " +
                              std::string(factor.sent)};
}

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
      return foreign_unit(code, unit, *factor);
    }
  }
  return {};
}

std::optional<Instant> data_time(std::string_view contents) {
  const auto item = trimmed(contents.substr(0, contents.find(';')));
  if (!item.starts_with(data_time_name)) return std::nullopt;
  return local_time(trimmed(item.substr(data_time_name.size())));
}

Parsed<Decoded> readings(const Message& message, const Dialect& dialect, std::string_view device,
                         Stamp received, std::optional<Instant> part_time) {
  const Head& head = message.head;
  if (command_of(head.cn) != Command::Upload) {
    return Complaint{"unknown_cn",
                     "CN " + head.cn + " is not one of 2011 2051 2061 2031 2081 9015 1013"};
  }
  if (auto wrong = beyond(message.used, dialect.tolerated)) return *wrong;
  auto contents = message.contents;
  Tolerances used;
  const auto own_time = data_time(contents);
  const bool undated = !own_time && part_time && !trimmed(contents).starts_with("DataTime");
  if (!own_time && !undated) {
    return Complaint{"datatime", "CP does not begin with DataTime=YYYYMMDDhhmmss"};
  }
  if (undated) used.add(Tolerance::UndatedPart);
  if (!undated) {
    const auto dated = next_part(contents, ';');
    if (dated.find(' ') != std::string_view::npos) used.add(Tolerance::Blanks);
  }
  const auto bare = trimmed(contents);
  if (bare.ends_with(';')) {
    used.add(Tolerance::TrailingSeparator);
    contents = bare.substr(0, bare.size() - 1);
  }
  Reading common;
  common.device = device;
  common.statistic.period = period_of(head.cn);
  common.device_time = undated ? *part_time : *own_time;
  common.received = received;
  Decoded decoded;
  if (head.cn == "2081") {
    auto batch = restart(contents, std::move(common));
    if (!batch) return batch.error();
    decoded.batch = std::move(*batch);
  } else {
    Converter converter(head.edition, dialect, std::move(common));
    if (auto wrong = converter.read(contents)) return *wrong;
    decoded = converter.take();
  }
  decoded.used.add(used);
  decoded.undated = undated;
  if (auto wrong = beyond(decoded.used, dialect.tolerated)) return *wrong;
  if (decoded.batch.empty()) return Complaint{"empty", "CP holds no measurement"};
  return decoded;
}

}  // namespace jieding::drivers::hj212
