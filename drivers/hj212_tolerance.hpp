#pragma once
// What stations in the field do beside the standard, each by name. A frame is read with its
// oddities noted; whether they may be is the station's profile (`tolerate`), strict by default.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding::drivers::hj212 {

enum class Tolerance : std::uint8_t {
  NoLineEnd,
  LowercaseCrc,
  OddMn,
  EmptyPw,
  ThreeDigitLength,
  ModbusCrc,
  LongSegment,
  HeadOrder,
  PacketOrder,
  NoQn,
  ShortQn,
  NoFlag,
  UnflaggedPackets,
  MissingPackets,
  OddRf,
  Blanks,
  TrailingSeparator,
  LooseFlag,
  MisspeltSuffix,
  UndatedPart,
  Plaintext,
};

/// A set of tolerances: those that a frame used, or those that a station is granted.
class Tolerances {
 public:
  void add(Tolerance one) { bits_ |= bit(one); }
  void add(Tolerances others) { bits_ |= others.bits_; }
  bool has(Tolerance one) const { return (bits_ & bit(one)) != 0; }
  bool empty() const { return bits_ == 0; }
  Tolerances without(Tolerances others) const { return Tolerances(bits_ & ~others.bits_); }
  friend bool operator==(Tolerances, Tolerances) = default;
  Tolerances() = default;

 private:
  explicit Tolerances(std::uint32_t bits) : bits_(bits) {}
  static std::uint32_t bit(Tolerance one) { return 1U << static_cast<unsigned>(one); }
  std::uint32_t bits_ = 0;
};

/// What stands in `tolerate` for one of them.
struct ToleranceWord {
  Tolerance tolerance;
  std::string_view name;
  bool always;              ///< changes no meaning and no check: taken from everybody, and counted
  std::string_view reason;  ///< of the refusal where it is not granted
  std::string_view what;    ///< what the station does
};
std::span<const ToleranceWord> tolerance_words();

/// Those that everybody has.
Tolerances harmless();
/// `harmless` and those named. `field` stands for all but `plaintext`. Invalid: an unknown name.
Result<Tolerances> tolerances(const std::vector<std::string>& names);

/// The first that is used and not granted; nothing: all is granted.
const ToleranceWord* first_beyond(Tolerances used, Tolerances granted);

}  // namespace jieding::drivers::hj212
