// [web] [uplink]: who may be reached how. Nothing crosses a network in the clear.

#include "config/sections.hpp"
#include "config/words.hpp"

namespace jieding::config {
namespace {

using namespace std::chrono_literals;

void check_web(Table& table, const Web& web) {
  const auto address = parse_address(web.listen);
  if (!address) {
    return table.complain(
        "listen", "no address; write \"HOST:PORT\", such as \"127.0.0.1:8080\" or \"[::1]:0\"");
  }
  const bool certificate = !web.tls_certificate.empty();
  const bool key = !web.tls_key.empty();
  if (certificate != key) {
    table.complain(certificate ? "tls_certificate" : "tls_key",
                   "TLS needs both; add tls_certificate and tls_key (PEM files), or remove it");
  } else if (!certificate && !is_loopback(address->host)) {
    table.complain("listen",
                   "reachable from the network without TLS; add tls_certificate and tls_key, or "
                   "listen on 127.0.0.1 only");
  }
}

void read_security(Table& table, Uplink& uplink) {
  table.text("user", uplink.user);
  table.path("password_file", uplink.password_file);
  table.path("ca_file", uplink.ca_file);
  table.path("certificate_file", uplink.certificate_file);
  table.path("key_file", uplink.key_file);
}

void read_pace(Table& table, Uplink& uplink) {
  table.integer("event_window", uplink.event_window, Range<int>{1, 10'000});
  table.integer("telemetry_window", uplink.telemetry_window, Range<int>{1, 10'000});
  table.integer("telemetry_pack", uplink.telemetry_pack, Range<int>{1, 10'000});
  table.duration("receipt_timeout", uplink.receipt_timeout, {100ms, 1h});
  table.duration("backoff_first", uplink.backoff_first, {10ms, 1h});
  table.duration("backoff_most", uplink.backoff_most, {10ms, 24h});
  table.duration("stable_after", uplink.stable_after, {10ms, 24h});
  if (uplink.backoff_most < uplink.backoff_first) {
    table.complain("backoff_most",
                   "less than backoff_first; write " + to_text(uplink.backoff_first) + " or more");
  }
}

void check_security(Table& table, const Uplink& uplink) {
  if (uplink.enabled && uplink.ca_file.empty() && !is_loopback(uplink.host)) {
    table.complain("host",
                   "would be reached without TLS; add ca_file (PEM of the broker's authority), or "
                   "use a broker on 127.0.0.1");
  }
  const bool certificate = !uplink.certificate_file.empty();
  if (certificate != !uplink.key_file.empty()) {
    table.complain(certificate ? "certificate_file" : "key_file",
                   "the box's own certificate needs both; add certificate_file and key_file, or "
                   "remove it");
  } else if (certificate && uplink.ca_file.empty()) {
    table.complain("certificate_file", "only used with TLS; add ca_file, or remove it");
  }
  if (uplink.user.empty() != uplink.password_file.empty()) {
    table.complain(uplink.user.empty() ? "password_file" : "user",
                   "signing in needs both; add user and password_file, or remove it");
  }
}

}  // namespace

void read_web(Table& root, Web& web) {
  if (auto table = root.table("web")) {
    table->text("listen", web.listen);
    table->path("tls_certificate", web.tls_certificate);
    table->path("tls_key", web.tls_key);
    table->boolean("open_to_viewers", web.open_to_viewers);
    check_web(*table, web);
    table->refuse_unknown();
  }
}

void read_uplink(Table& root, Uplink& uplink) {
  auto table = root.table("uplink");
  if (!table) return;
  table->boolean("enabled", uplink.enabled);
  if (uplink.enabled) table->must_have("host", "\"...\"");
  if (table->text("host", uplink.host) && uplink.host.find_first_of(" \t/@") != std::string::npos) {
    table->complain("host",
                    "no host name; write the name or address alone, without scheme and port");
  }
  table->integer("port", uplink.port, Range<int>{1, 65'535});
  read_security(*table, uplink);
  read_pace(*table, uplink);
  check_security(*table, uplink);
  table->refuse_unknown();
}

}  // namespace jieding::config
