#include "drivers/hj212_message.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "drivers/hj212_frame.hpp"

namespace jieding::drivers::hj212 {
namespace {

constexpr unsigned edition_2017 = 1;
constexpr auto china_standard_time = std::chrono::hours{8};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word_character(char c) {
  return is_digit(c) || is_letter(c) || c == '_';
}

bool all_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, 40)) + "'";
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

/// Takes `NAME=value;` from the front; nothing when another name stands there.
std::optional<std::string> take(std::string_view& rest, std::string_view name) {
  if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with('=')) return std::nullopt;
  const auto end = rest.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  std::string value(rest.substr(name.size() + 1, end - name.size() - 1));
  rest.remove_prefix(end + 1);
  return value;
}

Parsed<std::vector<Item>> parse_items(std::string_view contents) {
  std::vector<Item> items;
  while (!contents.empty()) {
    const auto item_text = next_part(contents, ';');
    auto rest = item_text;
    Item item;
    while (!rest.empty()) {
      const auto field = next_part(rest, ',');
      const auto equals = field.find('=');
      if (equals == 0 || equals == std::string_view::npos) break;
      item.push_back({std::string(field.substr(0, equals)), std::string(field.substr(equals + 1))});
    }
    const auto commas = std::count(item_text.begin(), item_text.end(), ',');
    if (item.size() != static_cast<std::size_t>(commas) + 1) {
      return Complaint{"format", quoted(item_text) + " in CP is not NAME=value,NAME=value"};
    }
    items.push_back(std::move(item));
  }
  return items;
}

/// The head's fields in the standard's order; which one is missing or wrong is said by name.
Parsed<Message> parse_head(std::string_view& rest) {
  Message message;
  const auto qn = take(rest, "QN");
  if (!qn) return Complaint{"edition", "begins without QN: HJ/T 212-2005 or another protocol"};
  if (!all_digits(*qn, 17) || !local_time(std::string_view(*qn).substr(0, 14))) {
    return Complaint{"qn", "QN " + quoted(*qn) + " is not YYYYMMDDhhmmsszzz"};
  }
  message.qn = *qn;
  message.st = take(rest, "ST").value_or("");
  if (!all_digits(message.st, 2)) return Complaint{"st", "ST is not two digits after QN"};
  message.cn = take(rest, "CN").value_or("");
  if (!all_digits(message.cn, 4)) return Complaint{"cn", "CN is not four digits after ST"};
  const auto pw = take(rest, "PW");
  if (!pw || !is_word(*pw, 0, 6)) return Complaint{"pw", "PW is not up to six characters after CN"};
  message.pw = *pw;
  message.mn = take(rest, "MN").value_or("");
  if (!is_word(message.mn, 1, 24)) return Complaint{"mn", "MN is not 1 to 24 characters after PW"};
  const auto flag = take(rest, "Flag");
  if (!flag) return Complaint{"edition", "has no Flag after MN: HJ/T 212-2005"};
  const auto bits = number<unsigned>(*flag);
  if (!bits || *bits > 255) return Complaint{"flag", "Flag " + quoted(*flag) + " is not 0..255"};
  message.flag = *bits;
  if (message.flag >> 2U != edition_2017) {
    return Complaint{"edition",
                     "Flag " + *flag + " is not HJ 212-2017 (4..7); set the station to it"};
  }
  return message;
}

/// PNUM and PNO stand there if and only if Flag bit 1 says so.
std::optional<Complaint> take_packet_numbers(std::string_view& rest, Message& message) {
  const bool announced = (message.flag & 2U) != 0;
  const auto pnum = take(rest, "PNUM");
  const auto pno = take(rest, "PNO");
  if (!announced && !pnum && !pno) return std::nullopt;
  if (!announced || !pnum || !pno) {
    return Complaint{"flag", "Flag bit 1 and PNUM, PNO contradict each other"};
  }
  message.packets = number<int>(*pnum).value_or(0);
  message.packet = number<int>(*pno).value_or(0);
  const bool counted = message.packet >= 1 && message.packet <= message.packets;
  if (!counted || message.packets > 9999) {
    return Complaint{"flag", "packet " + quoted(*pno) + " of " + quoted(*pnum) + " cannot be"};
  }
  return std::nullopt;
}

}  // namespace

Parsed<Message> parse(std::string_view segment) {
  auto rest = segment;
  auto message = parse_head(rest);
  if (!message) return message;
  if (const auto wrong = take_packet_numbers(rest, *message)) return *wrong;
  constexpr std::string_view opening = "CP=&&";
  if (!rest.starts_with(opening) || rest.size() < opening.size() + 2 || !rest.ends_with("&&")) {
    return Complaint{"format", "CP=&&...&& does not follow the head"};
  }
  const auto contents = rest.substr(opening.size(), rest.size() - opening.size() - 2);
  auto items = parse_items(contents);
  if (!items) return items.error();
  message->items = std::move(*items);
  return message;
}

std::string answer(const Message& message) {
  return to_frame("QN=" + message.qn + ";ST=91;CN=9014;PW=" + message.pw + ";MN=" + message.mn +
                  ";Flag=4;CP=&&&&");
}

std::optional<Instant> local_time(std::string_view digits) {
  using namespace std::chrono;
  if (!all_digits(digits, 14)) return std::nullopt;
  const auto at = [&](std::size_t from, std::size_t count) {
    return *number<unsigned>(digits.substr(from, count));
  };
  const year_month_day date{year{static_cast<int>(at(0, 4))}, month{at(4, 2)}, day{at(6, 2)}};
  if (!date.ok() || at(8, 2) > 23 || at(10, 2) > 59 || at(12, 2) > 59) return std::nullopt;
  return sys_days{date} + hours{at(8, 2)} + minutes{at(10, 2)} + seconds{at(12, 2)} -
         china_standard_time;
}

bool is_word(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(), is_word_character);
}

}  // namespace jieding::drivers::hj212
