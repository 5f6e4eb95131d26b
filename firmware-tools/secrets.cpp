#include "firmware-tools/secrets.hpp"

#include <algorithm>
#include <cstdio>

#include "drivers/hj212_frame.hpp"
#include "drivers/mqtt_packet.hpp"

namespace jieding::tools {
namespace {

namespace hj212 = drivers::hj212;
namespace mqtt = drivers::mqtt;

constexpr std::size_t most_held = std::size_t{64} * 1024;
/// A secret is not longer; what has no end by then is taken for something else, and masked.
constexpr std::size_t longest_secret = 1024;
constexpr std::size_t longest_connect = 4096;

/// What stands before a secret, and what ends it.
struct Mark {
  std::string_view name;
  std::string_view ends;
};
constexpr std::array marks{Mark{"pw=", ";&\r\n"}, Mark{"authorization:", "\r\n"}};
constexpr std::string_view frame_begin = "##";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(),
                    [](char a, char b) { return lower(a) == b; });
}

/// HJ 212's own example password, so that a station that never had one of its own stays as it is.
void replace(std::string& bytes, std::size_t from, std::size_t to) {
  static constexpr std::string_view instead = "123456";
  for (std::size_t i = from; i < to; ++i)
    bytes[i] = instead[(i - from) % instead.size()];
}

/// Where the first secret or frame begins at or after `from`; the end: nowhere.
std::size_t find_interest(std::string_view bytes, std::size_t from) {
  for (std::size_t i = from; i < bytes.size(); ++i) {
    if (bytes.substr(i, frame_begin.size()) == frame_begin) return i;
    for (const Mark& mark : marks)
      if (same(bytes.substr(i, mark.name.size()), mark.name)) return i;
  }
  return bytes.size();
}

/// How many bytes at the end may be the beginning of a mark or a frame.
std::size_t begun_at_end(std::string_view bytes) {
  std::size_t most = 0;
  const auto look = [&](std::string_view name) {
    for (std::size_t n = 1; n < name.size() && n <= bytes.size(); ++n)
      if (same(bytes.substr(bytes.size() - n), name.substr(0, n))) most = std::max(most, n);
  };
  look(frame_begin);
  for (const Mark& mark : marks)
    look(mark.name);
  return most;
}

/// Bytes of the frame whose header stands at `at`; none: no header of a frame.
std::optional<std::size_t> frame_size(std::string_view bytes, std::size_t at) {
  constexpr std::size_t header = 6;
  std::size_t length = 0;
  for (std::size_t i = at + frame_begin.size(); i < std::min(bytes.size(), at + header); ++i) {
    if (bytes[i] < '0' || bytes[i] > '9') return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(bytes[i] - '0');
  }
  if (bytes.size() < at + header) return header;
  if (length > hj212::longest_segment_ever) return std::nullopt;
  return header + length + 4;
}

std::string hex4(unsigned value, bool lower_case) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), lower_case ? "%04x" : "%04X", value & 0xFFFFU);
  return text.data();
}

/// Replaces PW of a whole frame and makes the checksum right again, if it was. False: its checksum
/// is not that of a frame.
bool mask_frame(std::string& bytes, std::size_t at, std::size_t size) {
  const std::string_view segment = std::string_view(bytes).substr(at + 6, size - 10);
  const std::string told = bytes.substr(at + size - 4, 4);
  const bool lower_case = std::any_of(told.begin(), told.end(), [](char c) { return c >= 'a'; });
  const bool standard = told == hex4(hj212::checksum(segment), lower_case);
  if (!standard && told != hex4(hj212::modbus_checksum(segment), lower_case)) return false;
  auto begin = segment.starts_with("PW=") ? std::size_t{0} : segment.find(";PW=");
  if (begin == std::string_view::npos) return true;
  begin = segment.find('=', begin) + 1;
  const auto end = std::min(segment.find_first_of(";&", begin), segment.size());
  replace(bytes, at + 6 + begin, at + 6 + end);
  const auto sum = standard ? hj212::checksum(segment) : hj212::modbus_checksum(segment);
  bytes.replace(at + size - 4, 4, hex4(sum, lower_case));
  return true;
}

/// A CONNECT at `at`: how much of it is settled; nothing: more is needed. One that stays half is
/// masked behind its name.
std::optional<std::size_t> mask_connect(std::string& bytes, std::size_t at, bool all) {
  const std::string_view front = std::string_view(bytes).substr(at);
  constexpr std::size_t names_itself_within = 10;
  const bool may_be = !front.empty() && front.front() == '\x10' &&
                      (front.size() < names_itself_within ||
                       front.substr(0, names_itself_within).find("MQ") != std::string_view::npos);
  if (!may_be) return 0;
  const auto packet = mqtt::first_packet(front, longest_connect);
  if (!packet) return 0;
  if (!*packet) {
    if (!all) return std::nullopt;
    replace(bytes, std::min(at + names_itself_within, bytes.size()), bytes.size());
    return front.size();
  }
  const auto connect = mqtt::parse_connect(**packet);
  if (!connect) return 0;
  const std::size_t end = at + (*packet)->size;  // the password is CONNECT's last field
  replace(bytes, end - connect->password.size(), end);
  return (*packet)->size;
}

const Mark* mark_at(std::string_view bytes, std::size_t at) {
  for (const Mark& mark : marks)
    if (same(bytes.substr(at, mark.name.size()), mark.name)) return &mark;
  return nullptr;
}

/// Masks from `from` on and says up to where. `all`: nothing may wait. `cut_off` is what ends a
/// secret that had to go before its end came.
std::size_t mask(std::string& bytes, std::size_t from, bool all, std::string_view& cut_off) {
  if (!cut_off.empty()) {
    const auto end = std::min(bytes.find_first_of(cut_off, from), bytes.size());
    replace(bytes, from, end);
    if (end == bytes.size()) return end;
    cut_off = {};
    from = end;
  }
  while (true) {
    const std::size_t at = find_interest(bytes, from);
    if (at == bytes.size())
      return all ? at : at - begun_at_end(std::string_view(bytes).substr(from));
    const Mark* mark = mark_at(bytes, at);
    if (mark == nullptr) {
      const auto size = frame_size(bytes, at);
      if (size && bytes.size() < at + *size && !all) return at;
      const bool whole = size && *size > 10 && bytes.size() >= at + *size;
      from = whole && mask_frame(bytes, at, *size) ? at + *size : at + 1;
      continue;
    }
    const auto begin = std::min(bytes.find_first_not_of(' ', at + mark->name.size()), bytes.size());
    const auto end = std::min(bytes.find_first_of(mark->ends, begin), bytes.size());
    const bool ended = end < bytes.size();
    if (!ended && !all && end - begin < longest_secret) return at;
    replace(bytes, begin, end);
    if (!ended) cut_off = mark->ends;
    from = end;
  }
}

}  // namespace

SecretMask::Stream& SecretMask::stream_of(Happening what) {
  return streams_[what == Happening::FromDevice ? 0 : 1];
}

void SecretMask::settle(Stream& stream, bool all) {
  if (stream.at_beginning) {
    const auto connect = mask_connect(stream.bytes, stream.settled, all);
    if (!connect) return;
    stream.settled += *connect;
    stream.at_beginning = stream.bytes.empty();
  }
  stream.settled = mask(stream.bytes, stream.settled, all, stream.cut_off);
}

void SecretMask::push(Event event) {
  if (event.what == Happening::Opened || event.what == Happening::Closed) {
    finish();
    for (Stream& stream : streams_) {
      stream.at_beginning = true;
      stream.cut_off = {};
    }
    waiting_.push_back(std::move(event));
    return;
  }
  Stream& stream = stream_of(event.what);
  stream.bytes += event.bytes;
  held_ += event.bytes.size();
  waiting_.push_back(std::move(event));
  settle(stream, false);
  if (held_ > most_held) finish();
}

std::optional<Event> SecretMask::next() {
  if (waiting_.empty()) return std::nullopt;
  Stream& stream = stream_of(waiting_.front().what);
  const std::size_t size = waiting_.front().bytes.size();
  if (size > stream.settled) return std::nullopt;
  Event event = std::move(waiting_.front());
  waiting_.pop_front();
  event.bytes = stream.bytes.substr(0, size);
  stream.bytes.erase(0, size);
  stream.settled -= size;
  held_ -= size;
  return event;
}

void SecretMask::finish() {
  for (Stream& stream : streams_)
    settle(stream, true);
}

}  // namespace jieding::tools
