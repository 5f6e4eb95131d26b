#include "gateway/commands/deep_check.hpp"

#include <fcntl.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "gateway/commands/broker_probe.hpp"
#include "gateway/commands/text_of.hpp"
#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/program.hpp"

namespace jieding::commands {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto longest_name = 5s;
constexpr auto longest_knock = 5s;
constexpr auto longest_sign_in = 10s;
constexpr auto longest_rauc = 10s;
constexpr std::chrono::days renew_before{30};

void check_ntp(Findings& findings) {
  timex state{};
  const int status = ::adjtimex(&state);
  if (status < 0) return findings.doubtful("NTP: the kernel does not tell");
  const long error_ms = state.maxerror / 1000;
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return findings.doubtful(
        "NTP: the clock follows nothing; let systemd-timesyncd or chrony reach a time server");
  }
  const std::string line = "NTP: the clock is right to " + std::to_string(error_ms) + " ms";
  if (error_ms > 1000) return findings.doubtful(line + "; is the time server reached?");
  findings.fine(line);
}

bool is_address(const std::string& host) {
  boost::system::error_code no;
  boost::asio::ip::make_address(host, no);
  return !no;
}

struct Door {
  std::string whose, host;
  int port = 0;
};

/// `rtsp://10.0.0.5:554/...`
std::optional<Door> door_of(const std::string& whose, const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return std::nullopt;
  const std::string scheme = url.substr(0, scheme_end);
  std::string place = url.substr(scheme_end + 3);
  place = place.substr(0, place.find_first_of("/?"));
  const auto colon = place.rfind(':');
  const bool has_port = colon != std::string::npos && place.back() != ']';
  Door door{whose, has_port ? place.substr(0, colon) : place, 0};
  door.port = has_port            ? std::atoi(place.c_str() + colon + 1)
              : scheme == "https" ? 443
              : scheme == "rtsp"  ? 554
                                  : 80;
  if (door.host.starts_with('[')) door.host = door.host.substr(1, door.host.size() - 2);
  return door;
}

std::vector<Door> cameras(const config::Config& config) {
  std::vector<Door> doors;
  for (const auto& camera : config.cameras) {
    if (!camera.settings.has("url")) continue;
    if (const auto door = door_of("camera " + camera.id, camera.settings.get<std::string>("url")))
      doors.push_back(*door);
  }
  return doors;
}

/// By the system's own resolver, in a process that can be ended.
bool check_name(Findings& findings, const std::string& host) {
  if (is_address(host) || host == "localhost") return true;
  const auto ended = run_program({"/usr/bin/getent", "ahosts", host}, longest_name);
  if (ended && ended->status == 0) {
    findings.fine("name " + host + ": " + ended->output.substr(0, ended->output.find(' ')));
    return true;
  }
  findings.bad("name " + host + ": not known; correct it, or see to the name server (resolvectl)");
  return false;
}

void check_term(Findings& findings, const std::string& whose, const Certificate& certificate,
                const std::string& what_to_do) {
  const Instant now = SystemClock().now().at;
  const std::string until = whose + ": good until " + to_rfc3339(certificate.not_after);
  if (certificate.not_before > now)
    return findings.bad(whose + ": only good from " + to_rfc3339(certificate.not_before) +
                        " on; see to the clock");
  if (certificate.not_after <= now) return findings.bad(until + ", over; " + what_to_do);
  if (certificate.not_after < now + renew_before)
    return findings.doubtful(until + ", soon over; " + what_to_do);
  findings.fine(until);
}

void check_own_certificate(Findings& findings, const std::string& whose, const fs::path& file,
                           const fs::path& key) {
  if (file.empty()) return;
  const std::string pem = text_of(file);
  const auto certificate = read_certificate(pem);
  if (!certificate)
    return findings.bad(whose + ": " + certificate.error().in(file.string()).text());
  if (const auto fits = check_key(pem, text_of(key)); !fits)
    return findings.bad(whose + ": " + fits.error().in(file.string()).text() +
                        "; put the pair that belongs together there");
  check_term(findings, whose, *certificate, "`jieding-provision renew`");
}

void check_broker(Findings& findings, const config::Config& config) {
  if (!config.uplink.enabled || !check_name(findings, config.uplink.host)) return;
  const std::string client = config.site.id + "-" + config.site.gateway + "-check";
  const auto broker = knock_at_broker(config.uplink, client, longest_sign_in);
  if (!broker) return findings.bad(broker.error().text());
  findings.fine("broker " + config.uplink.host + ":" + std::to_string(config.uplink.port) +
                " lets the box in");
  if (*broker) check_term(findings, "certificate of the broker", **broker, "tell the platform");
}

void check_cameras(Findings& findings, const config::Config& config) {
  for (const Door& door : cameras(config)) {
    if (!check_name(findings, door.host)) continue;
    const std::string line = door.whose + ": " + door.host + ":" + std::to_string(door.port);
    if (const auto answered = knock(door.host, door.port, longest_knock); answered) {
      findings.fine(line + " answers");
    } else {
      findings.bad(line + ": " + answered.error().text() + "; see to its power and its cable");
    }
  }
}

void add_port(std::set<std::string>& ports, const config::Settings& settings) {
  if (settings.has("serial")) ports.insert(settings.get<std::string>("serial"));
}

void check_serial_ports(Findings& findings, const config::Config& config) {
  std::set<std::string> ports;
  for (const auto& device : config.devices)
    add_port(ports, device.settings);
  for (const auto& driver : config.drivers) {
    for (const auto& line : driver.settings.get<std::vector<config::Settings>>("line"))
      add_port(ports, line);
  }
  for (const std::string& port : ports) {
    const int descriptor = ::open(port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0) {
      const bool is_one = ::isatty(descriptor) == 1;
      ::close(descriptor);
      if (is_one)
        findings.fine("serial port " + port);
      else
        findings.bad("serial port " + port + ": is none; name one, best by /dev/serial/by-id");
    } else if (errno == EBUSY) {
      findings.doubtful("serial port " + port + ": in use, perhaps by a running jieding");
    } else if (errno == EACCES) {
      findings.bad("serial port " + port +
                   ": may not be opened; put the gateway's user into the group dialout");
    } else {
      findings.bad("serial port " + port + ": " + std::strerror(errno) +
                   "; plug the adapter in, or correct its name");
    }
  }
}

/// `{"booted":"A","slots":[{"rootfs.0":{"bootname":"A","state":"booted","boot_status":"good"}}]}`
void check_slots(Findings& findings, const config::Config& config) {
  if (config.update.program.empty()) return;
  const auto ended =
      run_program({config.update.program.string(), "status", "--output-format=json"}, longest_rauc);
  if (!ended) return findings.bad("slots: " + ended.error().text());
  boost::system::error_code wrong;
  const auto status = boost::json::parse(ended->output, wrong);
  if (ended->status != 0 || wrong || !status.is_object())
    return findings.bad("slots: RAUC does not answer; see `rauc status`, and rauc.service");
  for (const auto& slot : status.at("slots").as_array()) {
    for (const auto& [name, about] : slot.as_object()) {
      const auto* boot_name = about.as_object().if_contains("bootname");
      const auto* state = about.as_object().if_contains("boot_status");
      if (boot_name == nullptr || !boot_name->is_string()) continue;
      const bool good = state != nullptr && state->is_string() && state->as_string() == "good";
      const std::string line = "slot " + std::string(boot_name->as_string()) + ": " +
                               std::string(about.at("state").as_string());
      if (good)
        findings.fine(line + ", good");
      else
        findings.doubtful(line +
                          ", not bootable: an update that fails would have nothing to go "
                          "back to; install one");
    }
  }
}

}  // namespace

void check_deeply(Findings& findings, const config::Config& config) {
  check_ntp(findings);
  check_own_certificate(findings, "certificate of the page", config.web.tls_certificate,
                        config.web.tls_key);
  check_own_certificate(findings, "certificate for the broker", config.uplink.certificate_file,
                        config.uplink.key_file);
  check_broker(findings, config);
  check_cameras(findings, config);
  check_disk(findings, config.storage.state);
  check_serial_ports(findings, config);
  check_slots(findings, config);
}

}  // namespace jieding::commands
