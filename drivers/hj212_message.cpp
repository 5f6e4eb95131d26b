#include "drivers/hj212_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "drivers/china_time.hpp"
#include "drivers/quoted.hpp"
#include "gateway/domain/digit.hpp"

namespace jieding::drivers::hj212 {
namespace {

constexpr std::size_t standard_mn = 24;
constexpr std::size_t longest_mn = 32;  // makers add a few to the standard's 24

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word_character(char c) {
  return is_digit(c) || is_letter(c) || c == '_';
}
bool is_upper_hex(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F');
}

/// What stands in an MN in the field: a maker's own number, too.
bool is_mn(std::string_view text) {
  const auto fits = [](char c) { return is_word_character(c) || c == '-' || c == '.'; };
  return !text.empty() && text.size() <= longest_mn && std::all_of(text.begin(), text.end(), fits);
}

bool all_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

constexpr std::array<std::string_view, 9> names{"QN",   "ST",   "CN",  "PW", "MN",
                                                "Flag", "PNUM", "PNO", "RF"};

/// The fields before CP as they stand there.
class RawHead {
 public:
  /// Takes them from the front of the segment.
  std::optional<Complaint> take(std::string_view& rest) {
    while (!rest.starts_with("CP=")) {
      const bool ended = rest.find(';') == std::string_view::npos;
      const std::string_view part = next_part(rest, ';');
      const std::size_t equals = part.find('=');
      const std::string_view name = part.substr(0, equals);
      const auto known = std::find(names.begin(), names.end(), name);
      if (ended || equals == std::string_view::npos || known == names.end()) {
        return Complaint{"format", quoted(part) + " before CP is no field of the head"};
      }
      const auto which = static_cast<std::size_t>(known - names.begin());
      if (values_[which]) return Complaint{"format", std::string(name) + " stands there twice"};
      values_[which] = part.substr(equals + 1);
      order_[count_++] = static_cast<HeadField>(which);
    }
    return std::nullopt;
  }
  std::optional<std::string_view> operator[](HeadField field) const {
    return values_[static_cast<std::size_t>(field)];
  }
  std::string_view text(HeadField field) const { return (*this)[field].value_or(""); }
  std::span<const HeadField> order() const { return {order_.data(), count_}; }

 private:
  std::array<std::optional<std::string_view>, names.size()> values_;
  std::array<HeadField, names.size()> order_{};
  std::size_t count_ = 0;
};

std::optional<Complaint> read_qn(const RawHead& raw, Message& message) {
  const auto qn = raw[HeadField::Qn];
  if (!qn) {
    message.used.add(Tolerance::NoQn);
    return std::nullopt;
  }
  const bool is_short = all_digits(*qn, 14);
  if ((!is_short && !all_digits(*qn, 17)) || !local_time(qn->substr(0, 14))) {
    return Complaint{"qn", "QN " + quoted(*qn) + " is not YYYYMMDDhhmmsszzz"};
  }
  if (is_short) message.used.add(Tolerance::ShortQn);
  message.head.qn = *qn;
  return std::nullopt;
}

std::optional<Complaint> read_names(const RawHead& raw, Message& message) {
  Head& head = message.head;
  head.st = raw.text(HeadField::St);
  if (!all_digits(head.st, 2)) return Complaint{"st", "ST is not two digits"};
  head.cn = raw.text(HeadField::Cn);
  if (!all_digits(head.cn, 4)) return Complaint{"cn", "CN is not four digits"};
  const auto pw = raw[HeadField::Pw];
  if (!pw || !is_word(*pw, 0, 6)) return Complaint{"pw", "PW is not up to six characters"};
  head.pw = *pw;
  if (pw->empty()) message.used.add(Tolerance::EmptyPw);
  head.mn = raw.text(HeadField::Mn);
  if (!is_mn(head.mn)) return Complaint{"mn", "MN is not 1 to 32 letters, digits, _ - ."};
  const bool standard =
      head.mn.size() == standard_mn && std::all_of(head.mn.begin(), head.mn.end(), is_upper_hex);
  if (!standard) message.used.add(Tolerance::OddMn);
  return std::nullopt;
}

std::optional<Complaint> read_flag(const RawHead& raw, Message& message) {
  const auto flag = raw[HeadField::Flag];
  if (!flag) {
    message.used.add(Tolerance::NoFlag);
    return std::nullopt;
  }
  const auto bits = number<unsigned>(*flag);
  if (!bits || *bits > 255) return Complaint{"flag", "Flag " + quoted(*flag) + " is not 0..255"};
  const auto edition = edition_of(*bits);
  if (!edition) {
    return Complaint{"edition", "Flag " + std::string(*flag) +
                                    " is of no known edition (2005: 0..3, 2017: 4..7, 2025: "
                                    "8..11)"};
  }
  message.head.flag = *bits;
  message.head.edition = *edition;
  return std::nullopt;
}

/// PNUM and PNO stand there if and only if Flag bit 1 says so.
std::optional<Complaint> read_packets(const RawHead& raw, Message& message) {
  const bool announced = (message.head.flag & 2U) != 0;
  const auto pnum = raw[HeadField::Pnum];
  const auto pno = raw[HeadField::Pno];
  if (!pnum && !pno) {
    if (announced) message.used.add(Tolerance::MissingPackets);
    return std::nullopt;
  }
  if (!pnum || !pno) return Complaint{"flag", "PNUM and PNO do not stand there together"};
  if (!announced) message.used.add(Tolerance::UnflaggedPackets);
  const int packets = number<int>(*pnum).value_or(0);
  const int packet = number<int>(*pno).value_or(0);
  if (packet < 1 || packet > packets || packets > 9999) {
    return Complaint{"flag", "packet " + quoted(*pno) + " of " + quoted(*pnum) + " cannot be"};
  }
  message.head.packets = packets;
  message.head.packet = packet;
  return std::nullopt;
}

void read_retransmission(const RawHead& raw, Message& message) {
  const auto mark = raw[HeadField::Rf];
  if (!mark) return;
  message.head.resent = *mark == "1";
  const bool standard = message.head.resent && has_retransmission_mark(message.head.edition);
  if (!standard) message.used.add(Tolerance::OddRf);
}

void note_order(const RawHead& raw, Message& message) {
  if (in_order(message.head.edition, raw.order())) return;
  std::array<HeadField, names.size()> swapped{};
  const auto end = std::copy(raw.order().begin(), raw.order().end(), swapped.begin());
  const auto pnum = std::find(swapped.begin(), end, HeadField::Pnum);
  const auto pno = std::find(swapped.begin(), end, HeadField::Pno);
  const bool backwards = pno < pnum && pnum != end;
  if (backwards) {
    std::iter_swap(pnum, pno);
    message.used.add(Tolerance::PacketOrder);
  }
  const std::span<const HeadField> order(swapped.data(), raw.order().size());
  if (!in_order(message.head.edition, order)) message.used.add(Tolerance::HeadOrder);
}

}  // namespace

Command command_of(std::string_view cn) {
  for (const std::string_view upload : {"2011", "2051", "2061", "2031", "2081"}) {
    if (cn == upload) return Command::Upload;
  }
  if (cn == "9015") return Command::Heartbeat;
  if (cn == "1013") return Command::ClockRequest;
  for (const std::string_view answer : {"9011", "9012", "9013", "9014"}) {
    if (cn == answer) return Command::Answer;
  }
  return Command::Unknown;
}

Parsed<Message> parse(std::string_view segment) {
  Message message;
  RawHead raw;
  auto rest = segment;
  if (auto wrong = raw.take(rest)) return *wrong;
  for (const auto read : {read_qn, read_names, read_flag, read_packets}) {
    if (auto wrong = read(raw, message)) return *wrong;
  }
  read_retransmission(raw, message);
  note_order(raw, message);
  if (!rest.starts_with(contents_open) ||
      rest.size() < contents_open.size() + contents_close.size() ||
      !rest.ends_with(contents_close)) {
    return Complaint{"format", "CP=&&...&& does not follow the head"};
  }
  message.contents =
      rest.substr(contents_open.size(), rest.size() - contents_open.size() - contents_close.size());
  return message;
}

std::optional<Complaint> beyond(Tolerances used, Tolerances granted) {
  const ToleranceWord* word = first_beyond(used, granted);
  if (word == nullptr) return std::nullopt;
  return Complaint{word->reason, "the station " + std::string(word->what) +
                                     "; set it right, or add \"" + std::string(word->name) +
                                     "\" to the device's `tolerate`"};
}

std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

bool is_word(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(), is_word_character);
}

}  // namespace jieding::drivers::hj212
