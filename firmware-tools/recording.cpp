#include "firmware-tools/recording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "gateway/domain/digit.hpp"
#include "gateway/domain/hex.hpp"

namespace jieding::tools {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view magic = "jieding recording 1";
constexpr std::string_view opened = "opened";
constexpr std::string_view closed = "closed";
constexpr std::int64_t latest_ms = std::int64_t{400} * 24 * 3600 * 1000;

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<char> hex_byte(std::string_view two) {
  if (two.size() < 2) return std::nullopt;
  const int high = hex_digit(two[0]);
  const int low = hex_digit(two[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

/// Characters that stand behind a backslash, and what they mean.
constexpr std::array<std::pair<char, char>, 5> escapes{
    {{'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'"', '"'}, {'\\', '\\'}}};

/// Three quarters of it can be read: text, otherwise bytes.
bool reads_as_text(std::string_view bytes) {
  const auto plain = std::count_if(bytes.begin(), bytes.end(), [](char c) {
    return is_plain(c) || c == '\r' || c == '\n' || c == '\t';
  });
  return static_cast<std::size_t>(plain) * 4 >= bytes.size() * 3;
}

std::string as_text(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const auto escape = std::find_if(escapes.begin(), escapes.end(),
                                     [c](const auto& each) { return each.second == c; });
    if (escape != escapes.end()) {
      text += {'\\', escape->first};
    } else if (is_plain(c)) {
      text += c;
    } else {
      text += "\\x";
      text += to_hex({&c, 1});
    }
  }
  return text + "\"";
}

std::string as_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (!text.empty()) text += ' ';
    text += to_hex({&c, 1});
  }
  return text;
}

/// What stands behind the opening quote.
Result<std::string> read_text(std::string_view rest) {
  std::string bytes;
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() != '\\') {
      bytes += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const char kind = rest.size() > 1 ? rest[1] : '\0';
    const auto escape = std::find_if(escapes.begin(), escapes.end(),
                                     [kind](const auto& each) { return each.first == kind; });
    const auto byte = kind == 'x' ? hex_byte(rest.substr(2)) : std::nullopt;
    if (escape != escapes.end()) {
      bytes += escape->second;
      rest.remove_prefix(2);
    } else if (byte) {
      bytes += *byte;
      rest.remove_prefix(4);
    } else {
      return Error{Fault::Invalid, "unknown escape; write \\r \\n \\t \\\" \\\\ or \\xNN"};
    }
  }
  if (rest != "\"") return Error{Fault::Invalid, "the text must end with one quote, at the end"};
  return bytes;
}

Result<std::string> read_hex(std::string_view rest) {
  std::string bytes;
  while (!rest.empty()) {
    if (rest.front() == ' ') {
      rest.remove_prefix(1);
      continue;
    }
    const auto byte = hex_byte(rest);
    if (!byte) return Error{Fault::Invalid, "neither \"text\" nor bytes in hexadecimal"};
    bytes += *byte;
    rest.remove_prefix(2);
  }
  return bytes;
}

/// `12.345`; `-`: not known.
Result<std::optional<milliseconds>> read_offset(std::string_view text) {
  if (text == "-") return std::optional<milliseconds>{};
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  const auto part = dot == std::string_view::npos ? "000" : text.substr(dot + 1);
  std::int64_t seconds = 0;
  std::int64_t millis = 0;
  const auto read = [](std::string_view digits, std::int64_t& into) {
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return end.ec == std::errc{} && end.ptr == digits.data() + digits.size() && into >= 0;
  };
  const bool sound = whole.size() <= 9 && part.size() == 3 && is_digit(part.front()) &&
                     read(whole, seconds) && read(part, millis);
  if (!sound || seconds * 1000 > latest_ms) {
    return Error{Fault::Invalid, "the offset must be seconds such as 12.345, or -"};
  }
  return std::optional{milliseconds{seconds * 1000 + millis}};
}

Result<Event> read_event(std::string_view line) {
  const auto blank = line.find(' ');
  const auto offset = read_offset(line.substr(0, blank));
  if (!offset) return offset.error();
  Event event;
  event.at = *offset;
  const auto rest = blank == std::string_view::npos ? "" : line.substr(blank + 1);
  const char sign = rest.empty() ? '\0' : rest.front();
  const auto what = rest.size() > 2 && rest[1] == ' ' ? rest.substr(2) : "";
  if (what.empty() || (sign != '<' && sign != '>' && sign != '=')) {
    return Error{Fault::Invalid, "after the offset stands < > or =, then what came"};
  }
  if (sign == '=') {
    if (what != opened && what != closed) {
      return Error{Fault::Invalid, "after = stands opened or closed"};
    }
    event.what = what == opened ? Happening::Opened : Happening::Closed;
    return event;
  }
  event.what = sign == '<' ? Happening::FromDevice : Happening::ToDevice;
  auto bytes = what.front() == '"' ? read_text(what.substr(1)) : read_hex(what);
  if (!bytes) return bytes.error();
  event.bytes = std::move(*bytes);
  return event;
}

bool is_key(std::string_view key) {
  return !key.empty() && key.front() >= 'a' && key.front() <= 'z' &&
         std::all_of(key.begin(), key.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

Result<void> read_header(std::string_view line, Recording& recording) {
  if (!recording.events.empty()) {
    return Error{Fault::Invalid, "neither an event nor a comment; header lines stand on top"};
  }
  const auto colon = line.find(": ");
  const auto key = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_key(key)) {
    return Error{Fault::Invalid, "write KEY: VALUE, the key of a-z, 0-9 and -"};
  }
  const auto value = line.substr(colon + 2);
  recording.header.emplace_back(std::string(key), std::string(value));
  return {};
}

Result<void> read_line(std::string_view line, Recording& recording) {
  if (line.size() > longest_line) return Error{Fault::Invalid, "longer than 64 KiB; cut it"};
  if (line.empty() || line.front() == '#') return {};
  if (!is_digit(line.front()) && line.front() != '-') return read_header(line, recording);
  auto event = read_event(line);
  if (!event) return event.error();
  const auto& before = recording.events.empty() ? std::nullopt : recording.events.back().at;
  if (before && event->at && *event->at < *before) {
    return Error{Fault::Invalid, "is earlier than the line before; put the lines in order"};
  }
  recording.events.push_back(std::move(*event));
  return {};
}

}  // namespace

std::string_view Recording::value(std::string_view key) const {
  const auto all = values(key);
  return all.empty() ? std::string_view{} : all.front();
}

std::vector<std::string_view> Recording::values(std::string_view key) const {
  std::vector<std::string_view> found;
  for (const auto& [name, value] : header) {
    if (name == key) found.emplace_back(value);
  }
  return found;
}

Result<Recording> parse_recording(std::string_view text) {
  if (text.size() > longest_recording) return Error{Fault::Invalid, "longer than 64 MiB; cut it"};
  if (!text.starts_with(std::string(magic) + "\n")) {
    return Error{Fault::Invalid, "line 1: must be: " + std::string(magic)};
  }
  text.remove_prefix(magic.size() + 1);
  Recording recording;
  for (int number = 2; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      recording.torn = true;
      break;
    }
    const auto read = read_line(text.substr(0, end), recording);
    if (!read) return read.error().in("line " + std::to_string(number));
    text.remove_prefix(end + 1);
  }
  return recording;
}

std::string first_line() {
  return std::string(magic) + "\n";
}

std::string header_line(std::string_view key, std::string_view value) {
  std::string line = std::string(key) + ": " + std::string(value);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line + "\n";
}

std::string event_line(const Event& event) {
  std::string line = "-";
  if (event.at) {
    std::array<char, 32> offset{};
    std::snprintf(offset.data(), offset.size(), "%lld.%03lld",
                  static_cast<long long>(event.at->count() / 1000),
                  static_cast<long long>(event.at->count() % 1000));
    line = offset.data();
  }
  switch (event.what) {
    case Happening::Opened:
      return line + " = " + std::string(opened) + "\n";
    case Happening::Closed:
      return line + " = " + std::string(closed) + "\n";
    case Happening::FromDevice:
      line += " < ";
      break;
    case Happening::ToDevice:
      line += " > ";
      break;
  }
  return line + (reads_as_text(event.bytes) ? as_text(event.bytes) : as_hex(event.bytes)) + "\n";
}

}  // namespace jieding::tools
