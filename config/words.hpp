#pragma once
// Short texts as they stand in the file: ids, durations, addresses, and the key that was meant.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jieding::config {

/// [a-z0-9][a-z0-9-]{0,31}: ids stand in MQTT topics, file names and addresses of pages.
bool is_id(std::string_view text);

/// `500ms`, `10s`, `2m`, `1h`, `7d`; whole numbers only.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// How a duration is written in the file, for messages.
std::string to_text(std::chrono::milliseconds duration);

struct Address {
  std::string host;
  int port = 0;
};

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`; port 0 lets the system choose.
std::optional<Address> parse_address(std::string_view text);

/// True for localhost, 127.0.0.0/8 and ::1: what never leaves the machine.
bool is_loopback(std::string_view host);

/// The candidate that `text` was probably meant to be, by edit distance; empty: none is near.
std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);

/// `a, b, c`
std::string list(std::span<const std::string_view> words);

}  // namespace jieding::config
