#include "drivers/hj212_reply.hpp"

#include <charconv>

#include "drivers/china_time.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_message.hpp"

namespace jieding::drivers::hj212 {
namespace {

std::string segment(const Head& to, std::string_view qn, std::string_view st, std::string_view cn,
                    unsigned bits, std::string_view contents) {
  std::string text;
  text.reserve(160);
  if (!qn.empty()) text.append("QN=").append(qn).append(";");
  text.append("ST=").append(st).append(";CN=").append(cn);
  text.append(";PW=").append(to.pw).append(";MN=").append(to.mn);
  text.append(";Flag=").append(std::to_string(flag_of(to.edition, bits)));
  return text.append(";").append(contents_open).append(contents).append(contents_close);
}

std::string answer(const Head& head, std::string_view cn, std::string_view contents) {
  return to_frame(segment(head, head.qn, "91", cn, 0, contents));
}

}  // namespace

std::optional<ReplyStyle> reply_style(std::string_view word) {
  if (word == "standard") return ReplyStyle::Standard;
  if (word == "qnrtn") return ReplyStyle::QnRtn;
  if (word == "qnrtn_exertn") return ReplyStyle::QnRtnExeRtn;
  if (word == "2005") return ReplyStyle::Of2005;
  return std::nullopt;
}

std::string data_answer(const Head& head, ReplyStyle style) {
  const bool old = style == ReplyStyle::Standard && head.edition == Edition::Of2005;
  if (style == ReplyStyle::QnRtn) return answer(head, "9014", "QnRtn=1");
  if (style == ReplyStyle::QnRtnExeRtn) return answer(head, "9014", "QnRtn=1;ExeRtn=1");
  if (style == ReplyStyle::Of2005 || old) {
    const std::string qn = head.qn.empty() ? "" : "QN=" + head.qn + ";";
    return answer(head, "9014", qn + "CN=" + head.cn);
  }
  return answer(head, "9014", "");
}

std::string notice_answer(const Head& head) {
  return answer(head, "9013", "");
}

std::string set_clock(const Head& head, std::string_view pol_id, Instant now) {
  const std::string digits = local_digits(now);
  std::string contents = pol_id.empty() ? "" : "PolId=" + std::string(pol_id) + ";";
  contents += "SystemTime=" + digits.substr(0, 14);
  return to_frame(segment(head, digits, head.st, "1012", 1, contents));
}

std::optional<int> answer_code(std::string_view contents, std::string_view name) {
  const std::string_view text = item_value(contents, name);
  int code = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), code);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return code;
}

std::string_view item_value(std::string_view contents, std::string_view name) {
  while (!contents.empty()) {
    const std::string_view item = next_part(contents, ';');
    if (item.starts_with(name) && item.substr(name.size()).starts_with('=')) {
      return item.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace jieding::drivers::hj212
