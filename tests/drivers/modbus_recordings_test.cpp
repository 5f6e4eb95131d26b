// Beside what every recording says of itself: `unit: 3`, the point table as `point: QUANTITY
// ADDRESS KEY=VALUE ...` once for each point, and `framing: tcp` where it is not RTU.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "drivers/modbus_points.hpp"
#include "tests/drivers/recordings.hpp"

namespace jieding::drivers::test {
namespace {

/// `wind_speed 40001 scale=0.1`; texts and numbers are told apart by the key.
modbus::Point point_of(std::istringstream line) {
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

/// The master with its point table, as the recording's header has it.
class Master {
 public:
  explicit Master(const tools::Recording& recording) : tcp_(recording.value("framing") == "tcp") {
    for (const std::string_view line : recording.values("point"))
      points_.push_back(point_of(std::istringstream(std::string(line))));
    queries_ = modbus::plan(points_, 8);
    for (auto& query : queries_) {
      query.request.unit =
          static_cast<std::uint8_t>(std::stoi(std::string(recording.value("unit"))));
    }
  }

  /// What was asked must be what the master would ask.
  std::string read(const std::string& question, const std::string& answer) const {
    const auto query = std::find_if(queries_.begin(), queries_.end(), [&](const auto& each) {
      return question == (tcp_ ? modbus::to_tcp(each.request, transaction_of(question))
                               : modbus::to_rtu(each.request));
    });
    if (query == queries_.end()) return "asked what the point table does not ask\n";
    const auto reply = judge(query->request, question, answer);
    if (const auto* exception = std::get_if<modbus::Exception>(&reply)) {
      return "exception " + modbus::to_text(*exception) + "\n";
    }
    if (const auto* strange = std::get_if<modbus::Strange>(&reply)) {
      return "refused " + std::string(strange->reason) + "\n";
    }
    const auto* values = std::get_if<modbus::Values>(&reply);
    return values == nullptr ? "no answer\n" : describe_values(*query, values->bytes);
  }

 private:
  static std::uint16_t transaction_of(const std::string& frame) {
    if (frame.size() < 2) return 0;
    return static_cast<std::uint16_t>(static_cast<unsigned char>(frame[0]) * 256U +
                                      static_cast<unsigned char>(frame[1]));
  }

  modbus::Reply judge(const modbus::Request& request, const std::string& question,
                      const std::string& answer) const {
    if (tcp_) {
      modbus::TcpReplies replies;
      replies.push(answer);
      return replies.next(request, transaction_of(question));
    }
    modbus::RtuReply reply;
    reply.push(answer);
    auto found = reply.find(request);
    if (!std::holds_alternative<modbus::Unfinished>(found) || reply.empty()) return found;
    return reply.complaint(request);
  }

  std::string describe_values(const modbus::Query& query, const std::string& bytes) const {
    std::ostringstream text;
    for (const std::size_t place : query.points) {
      const modbus::Point& point = points_[place];
      const auto value = modbus::value_of(point, query.request, bytes);
      text << point.quantity << ' ';
      if (value) {
        text << *value << ' ' << (point.unit.empty() ? "-" : point.unit) << '\n';
      } else {
        text << value.error().text() << '\n';
      }
    }
    return text.str();
  }

  bool tcp_;
  std::vector<modbus::Point> points_;
  std::vector<modbus::Query> queries_;
};

std::string play_modbus(const tools::Recording& recording) {
  const Master master(recording);
  std::string outcome;
  std::string question;
  std::string answer;
  bool answering = false;
  for (const tools::Event& event : recording.events) {
    if (event.what == tools::Happening::ToDevice) {
      if (answering) {
        outcome += master.read(question, answer);
        question.clear();
        answer.clear();
      }
      question += event.bytes;
    } else {
      answer += event.bytes;
    }
    answering = event.what == tools::Happening::FromDevice;
  }
  return question.empty() ? outcome : outcome + master.read(question, answer);
}

TEST(Recordings, ModbusIsReadAsExpected) {
  play_all("modbus", play_modbus);
}

}  // namespace
}  // namespace jieding::drivers::test
