// Recordings: x.log (HJ 212: lines with one `#` are comments, the others go over the wire; MQTT:
// packets in hexadecimal; Modbus: the point table, then what was asked and answered) or x.json
// (SenML) beside x.expected, what must come out, line by line. A bug report becomes one more. With
// JIEDING_WRITE_EXPECTED=1 missing .expected files are written, to be read before they are kept.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_reply.hpp"
#include "drivers/modbus_points.hpp"
#include "drivers/mqtt_packet.hpp"
#include "drivers/senml.hpp"

namespace jieding::drivers {
namespace {

namespace fs = std::filesystem;

constexpr Stamp received{
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} + std::chrono::hours{4},
    TimeQuality::Synced};

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string describe(const Batch& batch) {
  std::ostringstream text;
  for (const Reading& each : batch) {
    text << "reading " << each.quantity << ' ' << to_text(each.statistic) << ' ' << each.value
         << ' ' << (each.unit.empty() ? "-" : each.unit) << ' ' << to_rfc3339(each.device_time)
         << ' ' << (each.flag.empty() ? "-" : each.flag) << '\n';
  }
  return text.str();
}

std::string play_hj212(const fs::path& file) {
  std::ifstream log(file, std::ios::binary);
  hj212::FrameFinder finder;
  const hj212::Dialect dialect{{}, {{"a50001", "LA"}}, hj212::harmless()};
  std::string outcome;
  for (std::string line; std::getline(log, line);) {
    if (line.empty() || (line[0] == '#' && !line.starts_with("##"))) continue;
    finder.push(line + "\r\n");
    while (const auto found = finder.next()) {
      const auto message = found->refused.empty() ? hj212::parse(found->segment())
                                                  : hj212::Complaint{found->refused, found->detail};
      if (!message) {
        outcome += "refused " + std::string(message.error().code) + "\n";
        continue;
      }
      const auto decoded = hj212::readings(*message, dialect, "station", received);
      outcome += decoded ? describe(decoded->batch)
                         : "refused " + std::string(decoded.error().code) + "\n";
      if (!decoded || !message->head.wants_answer()) continue;
      outcome += "answer " + hj212::data_answer(message->head, hj212::ReplyStyle::Standard);
    }
  }
  std::erase(outcome, '\r');
  return outcome;
}

std::string unhex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::string read_mqtt(const mqtt::Packet& packet, std::optional<mqtt::Version>& version) {
  if (!version) {
    const auto connect = mqtt::parse_connect(packet);
    if (!connect) return "refused " + connect.error().detail + "\n";
    version = connect->version;
    return "connect " + std::to_string(static_cast<int>(connect->version)) + " user " +
           connect->user + " keep-alive " + std::to_string(connect->keep_alive) + "\n";
  }
  if (packet.type == mqtt::Type::Disconnect) {
    return mqtt::parse_disconnect(packet, *version) ? "disconnect\n" : "refused disconnect\n";
  }
  const auto publish = mqtt::parse_publish(packet, *version);
  if (!publish) return "refused " + publish.error().detail + "\n";
  const auto batch = senml::parse(publish->payload, {"hz-demo", "hoist-1", received});
  return "publish " + std::string(publish->topic) + " QoS " + std::to_string(publish->qos) + "\n" +
         (batch ? describe(*batch) : "refused " + batch.error().text() + "\n");
}

std::string play_mqtt(const fs::path& file) {
  std::ifstream log(file);
  std::optional<mqtt::Version> version;
  std::string outcome;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with('#')) continue;
    const std::string bytes = unhex(line);
    const auto packet = mqtt::first_packet(bytes, 4096);
    outcome += packet && *packet ? read_mqtt(**packet, version) : "refused: not one packet\n";
  }
  return outcome;
}

/// `wind_speed 40001 scale=0.1`; texts and numbers are told apart by the key.
modbus::Point modbus_point(std::istringstream line) {
  config::Settings table;
  std::string quantity;
  std::int64_t address = 0;
  line >> quantity >> address;
  table.set("quantity", quantity);
  table.set("address", address);
  for (std::string pair; line >> pair;) {
    const auto key = pair.substr(0, pair.find('='));
    const auto value = pair.substr(key.size() + 1);
    if (key == "type" || key == "order" || key == "unit") {
      table.set(key, value);
    } else if (key == "scale") {
      table.set(key, std::stod(value));
    } else {
      table.set(key, std::int64_t{std::stoll(value)});
    }
  }
  return modbus::point_of(table).value();
}

std::string bytes_of(std::istringstream hex) {
  std::string bytes;
  for (unsigned byte = 0; hex >> std::hex >> byte;)
    bytes += static_cast<char>(byte);
  return bytes;
}

std::string describe(const modbus::RtuReply& answer, const modbus::Query& query,
                     const std::vector<modbus::Point>& points) {
  const auto reply = answer.find(query.request);
  if (const auto* exception = std::get_if<modbus::Exception>(&reply)) {
    return "exception " + modbus::to_text(*exception) + "\n";
  }
  const auto* values = std::get_if<modbus::Values>(&reply);
  if (values == nullptr) {
    return "refused " + std::string(answer.complaint(query.request).reason) + "\n";
  }
  std::ostringstream text;
  for (const std::size_t place : query.points) {
    const modbus::Point& point = points[place];
    const auto value = modbus::value_of(point, query.request, values->bytes);
    text << point.quantity << ' ';
    if (value) {
      text << *value << ' ' << (point.unit.empty() ? "-" : point.unit) << '\n';
    } else {
      text << value.error().text() << '\n';
    }
  }
  return text.str();
}

/// What the master would ask must be what was asked.
std::string play_modbus(const fs::path& file) {
  std::ifstream log(file, std::ios::binary);
  std::vector<modbus::Point> points;
  std::vector<modbus::Query> queries;
  int unit = 0;
  std::size_t asked = 0;
  std::string outcome;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("unit ")) unit = std::stoi(line.substr(5));
    if (line.starts_with("point ")) {
      points.push_back(modbus_point(std::istringstream(line.substr(6))));
      queries = modbus::plan(points, 8);
      for (auto& query : queries)
        query.request.unit = static_cast<std::uint8_t>(unit);
    }
    if (line.starts_with("> ")) {
      EXPECT_EQ(modbus::to_rtu(queries.at(asked % queries.size()).request),
                bytes_of(std::istringstream(line.substr(2))));
    }
    if (line.starts_with("< ")) {
      modbus::RtuReply answer;
      answer.push(bytes_of(std::istringstream(line.substr(2))));
      outcome += describe(answer, queries.at(asked++ % queries.size()), points);
    }
  }
  return outcome;
}

std::string play_senml(const fs::path& file) {
  const auto batch = senml::parse(contents(file), {"hz-demo", "hoist-1", received});
  return batch ? describe(*batch) : "refused " + batch.error().text() + "\n";
}

void check_all(const std::string& folder, const std::string& extension,
               std::string (*play)(const fs::path&)) {
  int played = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(JIEDING_TEST_DATA) / folder)) {
    if (entry.path().extension() != extension) continue;
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    const std::string outcome = play(entry.path());
    if (std::getenv("JIEDING_WRITE_EXPECTED") != nullptr && !fs::exists(expected)) {
      std::ofstream(expected, std::ios::binary) << outcome;
    }
    EXPECT_EQ(outcome, contents(expected)) << entry.path();
    ++played;
  }
  EXPECT_GT(played, 0) << folder;
}

TEST(Recordings, Hj212IsReadAsExpected) {
  check_all("hj212", ".log", play_hj212);
}
TEST(Recordings, MqttIsReadAsExpected) {
  check_all("mqtt", ".log", play_mqtt);
}
TEST(Recordings, ModbusIsReadAsExpected) {
  check_all("modbus", ".log", play_modbus);
}
TEST(Recordings, SenmlIsReadAsExpected) {
  check_all("senml", ".json", play_senml);
}

}  // namespace
}  // namespace jieding::drivers
