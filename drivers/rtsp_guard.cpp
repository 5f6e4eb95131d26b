#include "drivers/rtsp_guard.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <charconv>
#include <optional>

namespace jieding::drivers {
namespace {

constexpr std::size_t longest_head = 8192;
constexpr std::size_t longest_body = 64UL * 1024;  ///< a session description has some hundred bytes
constexpr std::size_t packet_head = 4;             ///< $, channel, length (RFC 2326 §10.12)

Error no_rtsp() {
  return {Fault::Invalid, "the camera speaks no RTSP; correct its address or its port"};
}

/// Behind the empty line that ends a head; none: it is not whole.
std::optional<std::size_t> end_of_head(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    std::string_view next = bytes.substr(at + 1);
    if (next.starts_with("\r\n")) return at + 3;
    if (next.starts_with('\n')) return at + 2;
  }
  return std::nullopt;
}

/// Takes the first line off; without its end.
std::string_view take_line(std::string_view& head) {
  const auto end = std::min(head.find('\n'), head.size());
  std::string_view line = head.substr(0, end);
  head.remove_prefix(std::min(head.size(), end + 1));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_plain(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\t'; });
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// Of a header line; none: it is another one's.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !same_word(line.substr(0, colon), name))
    return std::nullopt;
  line.remove_prefix(colon + 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

/// `RTSP/1.0 200 OK`: 200; `OPTIONS * RTSP/1.0`, which a camera may ask: 0; none: neither.
std::optional<std::size_t> status_in(std::string_view line) {
  if (line.starts_with("RTSP/1.0 ")) {
    const bool alone = line.size() == 12 || (line.size() > 12 && line[12] == ' ');
    const auto status = alone ? number_in(line.substr(9, 3)) : std::nullopt;
    return status && *status >= 100 ? status : std::nullopt;
  }
  const auto method = line.substr(0, line.find(' '));
  const bool right =
      !method.empty() && line.ends_with(" RTSP/1.0") &&
      method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
  return right ? std::optional<std::size_t>(0) : std::nullopt;
}

/// Where to, without what could be a password.
Error redirected(std::string_view location) {
  const auto url = boost::urls::parse_uri({location.data(), location.size()});
  std::string to = "elsewhere";
  if (url && !url->host().empty()) {
    const auto authority = url->encoded_host_and_port();
    to = std::string(authority.data(), authority.size()).substr(0, 100);
  }
  return {Fault::Invalid,
          "the camera redirects to " + to + ", which is not followed; if it is right, write that"};
}

}  // namespace

Result<std::string> RtspGuard::pass(std::string_view bytes) {
  held_ += bytes;
  std::string_view left = held_;
  std::string passed;
  while (!left.empty()) {
    if (rest_ == 0 && left.front() == '$') {
      if (left.size() < packet_head) break;
      rest_ = packet_head + (std::size_t{static_cast<unsigned char>(left[2])} << 8U) +
              static_cast<unsigned char>(left[3]);
    } else if (rest_ == 0) {
      const auto end = end_of_head(left);
      if (end.value_or(left.size()) > longest_head)
        return Error{Fault::TooMuch, "the camera sends a header that is too long"};
      if (!end) break;
      const auto body = length_after(left.substr(0, *end));
      if (!body) return body.error();
      rest_ = *end + *body;
    }
    const auto part = left.substr(0, rest_);
    passed += part;
    left.remove_prefix(part.size());
    rest_ -= part.size();
  }
  held_.erase(0, held_.size() - left.size());
  return passed;
}

/// Bytes of the body that follows.
Result<std::size_t> RtspGuard::length_after(std::string_view head) const {
  const auto status = status_in(take_line(head));
  if (!status) return no_rtsp();
  std::optional<std::size_t> length;
  std::string_view location;
  bool asks = false, knows_digest = false;
  while (!head.empty()) {
    const auto line = take_line(head);
    // FFmpeg takes a line that begins with $ for an interleaved packet.
    if (!is_plain(line) || line.starts_with('$')) return no_rtsp();
    if (const auto value = value_of(line, "content-length")) {
      if (length) return no_rtsp();
      length = number_in(*value);
      if (!length) return no_rtsp();
    }
    if (const auto value = value_of(line, "location")) location = *value;
    if (const auto value = value_of(line, "www-authenticate")) {
      asks = true;
      knows_digest |= same_word(value->substr(0, 6), "digest");
    }
  }
  if (*status >= 300 && *status < 400) return redirected(location);
  if (asks && !knows_digest && !basic_allowed_) {
    return Error{Fault::Refused,
                 "the camera asks for the password in the clear (Basic); switch it to Digest, or "
                 "write basic_in_clear = true"};
  }
  if (length.value_or(0) > longest_body)
    return Error{Fault::TooMuch, "the camera describes its stream at too great a length"};
  return length.value_or(0);
}

}  // namespace jieding::drivers
