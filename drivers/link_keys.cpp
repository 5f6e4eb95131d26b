#include "drivers/link_keys.hpp"

#include <string_view>

#include "drivers/address.hpp"
#include "gateway/domain/names.hpp"

namespace jieding::drivers::link_keys {
namespace {

using config::Settings;

constexpr std::array<std::string_view, 3> parity_words{"none", "even", "odd"};

}  // namespace

std::string wrong_serial(const Settings& table, const config::Config& before) {
  const auto path = table.get<std::string>("serial");
  for (const config::Device& other : before.devices) {
    if (other.settings.has("serial") && other.settings.get<std::string>("serial") == path) {
      return "is that of device " + other.id + "; a port is one device's";
    }
  }
  return table.has("tcp") ? "stands beside tcp; remove one of them" : "";
}

std::string wrong_tcp(const Settings& table, const config::Config&) {
  const auto endpoint = parse_endpoint(table.get<std::string>("tcp"));
  if (endpoint && endpoint->port() != 0) return "";
  return "wrong value; write ADDRESS:PORT with numbers, such as \"192.168.1.20:4001\"";
}

std::string wrong_baud(const Settings& table, const config::Config&) {
  const auto baud = table.get<std::int64_t>("baud");
  return baud >= 300 && baud <= 921'600 ? "" : "wrong value; write 300 to 921600, such as 9600";
}

std::string wrong_parity(const Settings& table, const config::Config&) {
  const auto parity = enumerator<Parity>(parity_words, table.get<std::string>("parity"));
  return parity ? "" : "wrong value; write \"none\", \"even\" or \"odd\"";
}

std::string wrong_stop_bits(const Settings& table, const config::Config&) {
  const auto bits = table.get<std::int64_t>("stop_bits");
  return bits == 1 || bits == 2 ? "" : "wrong value; write 1 or 2";
}

std::optional<LinkAddress> address_of(const Settings& table) {
  if (table.has("tcp")) return *parse_endpoint(table.get<std::string>("tcp"));
  if (!table.has("serial")) return std::nullopt;
  SerialAddress serial;
  serial.path = table.get<std::string>("serial");
  serial.baud = static_cast<unsigned>(table.get<std::int64_t>("baud", serial.baud));
  serial.parity = enumerator<Parity>(parity_words, table.get<std::string>("parity", "none"))
                      .value_or(Parity::None);
  serial.stop_bits = static_cast<int>(table.get<std::int64_t>("stop_bits", serial.stop_bits));
  return serial;
}

}  // namespace jieding::drivers::link_keys
