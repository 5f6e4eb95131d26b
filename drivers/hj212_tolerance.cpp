#include "drivers/hj212_tolerance.hpp"

#include <array>

namespace jieding::drivers::hj212 {
namespace {

using enum Tolerance;

// clang-format off
constexpr std::array<ToleranceWord, 21> words{{
    {NoLineEnd,         "no_line_end",        true,  "length",   "sends no CR LF after a frame"},
    {LowercaseCrc,      "lowercase_crc",      true,  "crc",      "writes its CRC in lower case"},
    {OddMn,             "odd_mn",             true,   "mn",       "has an MN that is not 24 hexadecimal digits"},
    {EmptyPw,           "empty_pw",           true,  "pw",       "sends an empty PW"},
    {ThreeDigitLength,  "three_digit_length", false, "length",   "writes its length with three digits"},
    {ModbusCrc,         "modbus_crc",         false, "crc",      "computes the CRC of Modbus, not that of HJ 212"},
    {LongSegment,       "long_segment",       false, "length",   "sends more than 1024 bytes in one frame"},
    {HeadOrder,         "head_order",         false, "format",   "has the fields before CP in another order"},
    {PacketOrder,       "packet_order",       false, "format",   "sends PNO before PNUM"},
    {NoQn,              "no_qn",              false, "edition",  "sends no QN, as HJ/T 212-2005 allowed"},
    {ShortQn,           "short_qn",           false, "qn",       "sends a QN of 14 digits, without milliseconds"},
    {NoFlag,            "no_flag",            false, "edition",  "sends no Flag, as before HJ 212-2017"},
    {UnflaggedPackets,  "unflagged_packets",  false, "flag",     "sends PNUM and PNO while Flag bit 1 is clear"},
    {MissingPackets,    "missing_packets",    false, "flag",     "sets Flag bit 1 and sends no PNUM and PNO"},
    {OddRf,             "odd_rf",             false, "rf",       "sends RF that is not HJ 212-2025's RF=1"},
    {Blanks,            "blanks",             false, "format",   "sends blanks inside CP"},
    {TrailingSeparator, "trailing_separator", false, "format",   "ends CP with a separator"},
    {LooseFlag,         "loose_flag",         false, "format",   "sends Flag=N without a factor's code"},
    {MisspeltSuffix,    "misspelt_suffix",    false, "suffix",   "misspells a suffix (LA-td for LA-Rtd)"},
    {UndatedPart,       "undated_part",       false, "datatime", "sends DataTime in the first part only"},
    {Plaintext,         "plaintext",          false, "plaintext", "sends in the clear although it has a key"},
}};
// clang-format on

}  // namespace

std::span<const ToleranceWord> tolerance_words() {
  return words;
}

Tolerances harmless() {
  Tolerances all;
  for (const ToleranceWord& word : words) {
    if (word.always) all.add(word.tolerance);
  }
  return all;
}

Result<Tolerances> tolerances(const std::vector<std::string>& names) {
  Tolerances granted = harmless();
  for (const std::string& name : names) {
    bool known = false;
    for (const ToleranceWord& word : words) {
      const bool field = name == "field" && word.tolerance != Plaintext;
      if (!field && word.name != name) continue;
      granted.add(word.tolerance);
      known = true;
    }
    if (known) continue;
    std::string list = "field";
    for (const ToleranceWord& word : words)
      list.append(", ").append(word.name);
    return Error{Fault::Invalid, "'" + name + "' is no tolerance; write some of " + list};
  }
  return granted;
}

const ToleranceWord* first_beyond(Tolerances used, Tolerances granted) {
  const Tolerances beyond = used.without(granted);
  for (const ToleranceWord& word : words) {
    if (beyond.has(word.tolerance)) return &word;
  }
  return nullptr;
}

}  // namespace jieding::drivers::hj212
