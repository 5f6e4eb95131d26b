#pragma once
// What we send to a station (2017 §6.2, Annex C): answers carry the QN of what they answer, and
// ST=91.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/hj212_message.hpp"

namespace jieding::drivers::hj212 {

/// How a station wants its 9014. The standard leaves CP empty; stations in the field wait for more.
enum class ReplyStyle {
  Standard,     ///< as its edition says: CP=&&&&; 2005: as Of2005
  QnRtn,        ///< CP=&&QnRtn=1&&
  QnRtnExeRtn,  ///< CP=&&QnRtn=1;ExeRtn=1&&
  Of2005,       ///< CP=&&QN=...;CN=2051&&: what is answered stands inside CP
};
/// `standard`, `qnrtn`, `qnrtn_exertn`, `2005`.
std::optional<ReplyStyle> reply_style(std::string_view word);

/// "Data received", CN 9014.
std::string data_answer(const Head& head, ReplyStyle style);
/// "Notice received", CN 9013: for a heartbeat (9015) and a request for the time (1013).
std::string notice_answer(const Head& head);
/// "Set your clock", CN 1012, with `now` as SystemTime and its QN.
std::string set_clock(const Head& head, std::string_view pol_id, Instant now);

/// A number in CP of an answer that a station sent us: `QnRtn`, `ExeRtn`.
std::optional<int> answer_code(std::string_view contents, std::string_view name);
/// The value of an item of CP with this name; empty: there is none.
std::string_view item_value(std::string_view contents, std::string_view name);

}  // namespace jieding::drivers::hj212
