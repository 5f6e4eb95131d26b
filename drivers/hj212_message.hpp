#pragma once
// HJ 212 data segments (2017 §6.3.2 to §6.3.4, commands of Annex C), without Asio.
//
//   QN=20160801085857223;ST=39;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&...&&
//
//   field  width           meaning
//   QN     17 digits       when it was sent, YYYYMMDDhhmmsszzz, local time; an answer repeats it
//   ST     2 digits        system: 39 construction dust; 22, 27, 31 are seen too; 91 answers
//   CN     4 digits        command
//   PW     0..6            password, in the clear
//   MN     1..32           the device (24 hexadecimal digits in the standard, others in the field)
//   Flag   0..255          bit 0 answer wanted, bit 1 one of several packets, bits 2.. edition
//   PNUM   1..9999         packets in all; only with Flag bit 1
//   PNO    1..PNUM         number of this packet; only with Flag bit 1
//   RF     1               stored data, sent again (2025 only)
//   CP     0..950          DataTime=YYYYMMDDhhmmss;CODE-Rtd=1.5,CODE-Flag=N;...
//
//   DataTime is local time (+08:00), the start of the period for 2051, 2061 and 2031.
//   CODE-Rtd (2011), -Min -Avg -Max -Cou (the others), -Flag the station's own word on the value:
//   N normal, F stopped, M maintenance, S manual, D fault, C calibrating, T over range, B no link.
//   Codes, units and ranges: hj212_factors.cpp. Editions: hj212_edition.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/hj212_edition.hpp"
#include "drivers/hj212_tolerance.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::drivers::hj212 {

/// What stands around the contents of a data segment (HJ 212-2017 §6.3.2).
inline constexpr std::string_view contents_open = "CP=&&";
inline constexpr std::string_view contents_close = "&&";

/// Why a frame that arrived whole is refused. Codes: `format` `edition` `flag` `qn` `st` `cn` `pw`
/// `mn` `rf` `plaintext` `unknown_cn` `datatime` `suffix` `value` `range` `data_flag` `empty`.
struct Complaint {
  Complaint() = default;
  Complaint(std::string_view code_, std::string detail_)
      : code(code_), detail(std::move(detail_)) {}
  std::string_view code;
  std::string detail;  ///< one line for people
};

template <class T>
using Parsed = boost::system::result<T, Complaint>;

/// All before CP: who speaks, and what about.
struct Head {
  std::string qn;  ///< empty: none was sent
  std::string st, cn, pw, mn;
  unsigned flag = 0;
  Edition edition = Edition::Of2005;
  int packets = 1;  ///< PNUM
  int packet = 1;   ///< PNO
  bool resent = false;

  bool wants_answer() const { return (flag & 1U) != 0; }
};

struct Message {
  Head head;
  std::string_view contents;  ///< of CP; a view into the segment that was parsed
  Tolerances used;
};

/// What a command (CN) asks of us.
enum class Command { Upload, Heartbeat, ClockRequest, Answer, Unknown };
Command command_of(std::string_view cn);

/// The segment's fields. Oddities are noted in `used`, not judged.
Parsed<Message> parse(std::string_view segment);

/// A complaint about the first oddity that is not granted.
std::optional<Complaint> beyond(Tolerances used, Tolerances granted);

/// Takes what stands before the next `separator` from the front, and the separator.
std::string_view next_part(std::string_view& rest, char separator);

/// Letters, digits and `_`, so many of them.
bool is_word(std::string_view text, std::size_t least, std::size_t most);

}  // namespace jieding::drivers::hj212
