// The Modbus master against libmodbus as the slave, over TCP and over a pair of wires, and against
// slaves that lie, tear, hang up and keep silent.

#include <gmock/gmock.h>
#include <modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "drivers/modbus_frame.hpp"
#include "drivers/modbus_line.hpp"
#include "gateway/runtime/as_result.hpp"
#include "tests/drivers/house.hpp"
#include "tests/drivers/pty.hpp"

namespace jieding::drivers::test {
namespace {

using config::Settings;
using testing::HasSubstr;

/// libmodbus, answering from its tables on a thread of its own.
class Slave {
 public:
  /// On any free port, or on that one.
  static std::unique_ptr<Slave> on_tcp(int port = 0) {
    return std::unique_ptr<Slave>(new Slave(modbus_new_tcp("127.0.0.1", port), true));
  }
  static std::unique_ptr<Slave> on_wires(const std::string& path, int unit) {
    modbus_t* context = modbus_new_rtu(path.c_str(), 9600, 'N', 8, 1);
    modbus_set_slave(context, unit);
    return std::unique_ptr<Slave>(new Slave(context, false));
  }
  ~Slave() {
    stopping_ = true;
    thread_.join();
    if (listener_ >= 0) ::close(listener_);
    modbus_close(context_);
    modbus_free(context_);
    modbus_mapping_free(tables_);
  }
  int port() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
  }
  /// Only before anybody asks.
  modbus_mapping_t& tables() { return *tables_; }
  int asked() const { return asked_; }

 private:
  Slave(modbus_t* context, bool tcp)
      : context_(context), tables_(modbus_mapping_new(32, 32, 64, 64)) {
    modbus_set_indication_timeout(context_, 0, 20'000);
    if (tcp) {
      listener_ = modbus_tcp_listen(context_, 4);
      EXPECT_GE(listener_, 0) << modbus_strerror(errno);
    } else {
      EXPECT_EQ(modbus_connect(context_), 0) << modbus_strerror(errno);
    }
    thread_ = std::thread([this, tcp] { tcp ? accept() : answer(); });
  }
  void accept() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) != 1) continue;
      int listener = listener_;
      if (modbus_tcp_accept(context_, &listener) < 0) continue;
      answer();
      modbus_close(context_);
    }
  }
  void answer() {
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request{};
    while (!stopping_) {
      const int length = modbus_receive(context_, request.data());
      if (length < 0 && errno != ETIMEDOUT && listener_ >= 0) return;
      if (length <= 0) continue;
      ++asked_;
      modbus_reply(context_, request.data(), length, tables_);
    }
  }

  modbus_t* context_;
  modbus_mapping_t* tables_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

/// Carries bytes between two descriptors, as wires do.
class Wires {
 public:
  Wires(int a, int b) : thread_([this, a, b] { carry(a, b); }) {}
  ~Wires() {
    stopping_ = true;
    thread_.join();
  }

 private:
  void carry(int a, int b) const {
    std::array<char, 512> chunk{};
    while (!stopping_) {
      std::array<pollfd, 2> ends{{{a, POLLIN, 0}, {b, POLLIN, 0}}};
      if (::poll(ends.data(), 2, 20) < 1) continue;
      for (const auto& [from, to] : {std::pair(0, b), std::pair(1, a)}) {
        const auto& end = ends[static_cast<std::size_t>(from)];
        if ((end.revents & POLLIN) == 0) continue;
        const auto count = ::read(end.fd, chunk.data(), chunk.size());
        if (count <= 0) continue;
        EXPECT_EQ(::write(to, chunk.data(), static_cast<std::size_t>(count)), count);
      }
    }
  }
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Says to each request what the test makes up; nothing: silence. Hangs up when told to.
class Liar {
 public:
  using Script = std::function<std::string(const std::string&)>;

  Liar(House& house, Script script)
      : house_(house),
        acceptor_(house.io, {asio::ip::address_v4::loopback(), 0}),
        script_(std::move(script)) {
    asio::co_spawn(house.io, serve(), [this](std::exception_ptr) { done_ = true; });
  }
  ~Liar() {
    acceptor_.close();
    hang_up();
    EXPECT_TRUE(house_.until([this] { return done_; }));
  }
  int port() const { return acceptor_.local_endpoint().port(); }
  void hang_up() {
    if (socket_) socket_->close();
  }
  int welcomed() const { return welcomed_; }

 private:
  asio::awaitable<void> serve() {
    while (true) {
      auto [failed, socket] = co_await acceptor_.async_accept(as_result);
      if (failed) co_return;
      ++welcomed_;
      socket_ = std::make_shared<tcp::socket>(std::move(socket));
      const auto talking = socket_;
      std::array<char, 512> chunk{};
      while (true) {
        const auto [ended, count] =
            co_await talking->async_read_some(asio::buffer(chunk), as_result);
        if (ended) break;
        const std::string answer = script_(std::string(chunk.data(), count));
        co_await asio::async_write(*talking, asio::buffer(answer), as_result);
      }
    }
  }
  House& house_;
  tcp::acceptor acceptor_;
  std::shared_ptr<tcp::socket> socket_;
  Script script_;
  bool done_ = false;
  int welcomed_ = 0;
};

/// What stands in a string of bytes, zeros among them, with its CRC.
template <std::size_t N>
std::string with_crc(const char (&text)[N]) {
  std::string frame(text, N - 1);
  const auto sum = modbus::crc16(frame);
  frame += static_cast<char>(sum & 0xffU);
  frame += static_cast<char>(sum >> 8U);
  return frame;
}

std::string address(int port) {
  return "127.0.0.1:" + std::to_string(port);
}

class ModbusMaster : public testing::Test {
 protected:
  Settings& line(std::string_view way, std::string where, std::chrono::milliseconds timeout = 1s) {
    Settings& one = lines_.emplace_back();
    one.set("id", "line" + std::to_string(lines_.size()));
    one.set(std::string(way), std::move(where));
    one.set("timeout", timeout);
    one.set("retries", std::int64_t{1});
    return one;
  }
  void device(const std::string& id, int unit, std::vector<Settings> points,
              std::chrono::milliseconds every = 20ms) {
    config::Device& one = house.config.devices.emplace_back();
    one.id = id;
    one.driver = "modbus";
    one.settings.set("line", lines_.back().get<std::string>("id"));
    one.settings.set("unit_id", std::int64_t{unit});
    one.settings.set("every", every);
    one.settings.set("point", std::move(points));
  }
  static Settings point(const std::string& quantity, std::int64_t address,
                        const std::string& type = "u16", double scale = 1) {
    Settings one;
    one.set("quantity", quantity);
    one.set("address", address);
    if (address >= 30'000) one.set("type", type);
    one.set("scale", scale);
    return one;
  }
  void start() {
    config::Driver& driver = house.config.drivers.emplace_back();
    driver.name = "modbus";
    driver.settings.set("line", lines_);
    house.start("modbus");
  }
  /// How often the device was read.
  std::size_t polls(const std::string& device) const {
    return static_cast<std::size_t>(
        std::count_if(house.intake.batches.begin(), house.intake.batches.end(),
                      [&](const Batch& batch) { return batch.front().device == device; }));
  }
  bool is_read(const std::string& device, std::size_t more = 1) {
    const std::size_t before = polls(device);
    return house.until([&] { return polls(device) >= before + more; });
  }
  bool is_read_once(const std::string& device) {
    return house.until([&] { return polls(device) == 1; });
  }
  /// The last word on a device.
  DeviceHealth health(const std::string& device) const {
    DeviceHealth last;
    for (const DeviceHealth& each : house.intake.healths)
      if (each.device == device) last = each;
    return last;
  }
  bool fails(const std::string& device, const std::string& why) {
    return house.until([&] {
      const auto last = health(device);
      return last.health == Health::Failed && last.reason.find(why) != std::string::npos;
    });
  }
  std::map<std::string, double> values() const {
    std::map<std::string, double> found;
    for (const Batch& batch : house.intake.batches)
      for (const Reading& each : batch)
        found[each.quantity] = each.value;
    return found;
  }

  House house;

 private:
  std::vector<Settings> lines_;
};

TEST_F(ModbusMaster, ReadsWhatLibmodbusHolds) {
  const auto slave = Slave::on_tcp();
  slave->tables().tab_registers[0] = 0x47F1;  // 3.1.6 swaps the bytes in modbus_set_float_abcd
  slave->tables().tab_registers[1] = 0x2000;
  slave->tables().tab_registers[5] = 0xFF9C;
  slave->tables().tab_input_registers[2] = 86;
  slave->tables().tab_bits[7] = 1;
  slave->tables().tab_input_bits[9] = 1;
  line("tcp", address(slave->port()));
  auto coil = point("pump_on", 7);
  coil.set("function", std::int64_t{1});
  device("all", 1,
         {point("energy", 40001, "f32"), point("temperature", 40006, "s16", 0.1),
          point("wind_speed", 30003, "u16", 0.1), coil, point("door_open", 10010)});
  start();
  ASSERT_TRUE(is_read("all"));
  const auto read = values();
  EXPECT_EQ(read.at("energy"), 123456.0);
  EXPECT_DOUBLE_EQ(read.at("temperature"), -10.0);
  EXPECT_DOUBLE_EQ(read.at("wind_speed"), 8.6);
  EXPECT_EQ(read.at("pump_on"), 1.0);
  EXPECT_EQ(read.at("door_open"), 1.0);
  EXPECT_TRUE(house.intake.healths.empty()) << house.intake.healths[0].reason;
  const Reading& first = house.intake.batches[0][0];
  EXPECT_EQ(first.device_time, noon);
  EXPECT_EQ(first.received.at, noon);
}

TEST_F(ModbusMaster, AsksForNeighboursAtOnce) {
  const auto slave = Slave::on_tcp();
  line("tcp", address(slave->port()));
  device("wind", 1, {point("a", 40001), point("b", 40004), point("c", 40009)}, 1h);
  start();
  ASSERT_TRUE(is_read_once("wind"));
  EXPECT_EQ(slave->asked(), 1);
  EXPECT_EQ(house.intake.batches[0].size(), 3u) << "one poll is one batch";
}

TEST_F(ModbusMaster, ReadsOverAPairOfWires) {
  End ours;
  End theirs;
  const Wires wires(ours.behind, theirs.behind);
  const auto slave = Slave::on_wires(theirs.name, 3);
  slave->tables().tab_registers[0] = 86;
  line("serial", ours.name);
  device("wind", 3, {point("wind_speed", 40001, "u16", 0.1)});
  start();
  ASSERT_TRUE(is_read("wind", 5));
  EXPECT_DOUBLE_EQ(values().at("wind_speed"), 8.6);
  EXPECT_TRUE(house.intake.refusals.empty()) << house.intake.refusals[0].detail;
}

TEST_F(ModbusMaster, ReadsWiresBehindASerialServer) {
  End theirs;
  const auto slave = Slave::on_wires(theirs.name, 3);
  slave->tables().tab_input_registers[0] = 7;
  tcp::acceptor server(house.io, {asio::ip::address_v4::loopback(), 0});
  line("rtu_over_tcp", address(server.local_endpoint().port()));
  device("tilt", 3, {point("tilt", 30001)});
  start();
  tcp::socket socket = server.accept();
  const Wires wires(socket.native_handle(), theirs.behind);
  ASSERT_TRUE(is_read("tilt", 5));
  EXPECT_EQ(values().at("tilt"), 7.0);
}

TEST_F(ModbusMaster, SilentUnitDoesNotHoldTheOthersOfItsLine) {
  int in_vain = 0;
  Liar liar(house, [&](const std::string& asked) {
    if (asked[0] == 9) ++in_vain;
    return asked[0] == 3 ? with_crc("\x03\x03\x02\x00\x07") : "";
  });
  line("rtu_over_tcp", address(liar.port()), 30ms);
  device("gone", 9, {point("x", 40001)});
  device("wind", 3, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(fails("gone", "no answer from unit 9 in 30 ms"));
  ASSERT_TRUE(is_read("wind", 20));
  EXPECT_EQ(polls("gone"), 0u);
  EXPECT_LT(in_vain, 12) << "it is asked ever less often";
}

TEST_F(ModbusMaster, SilenceIsHealthWithItsBeginning) {
  bool silent = true;
  Liar liar(house, [&](const std::string& asked) {
    return silent ? "" : asked.substr(0, 5) + std::string("\x05\x01\x03\x02\x00\x07", 6);
  });
  line("tcp", address(liar.port()), 20ms);
  device("wind", 1, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(fails("wind", "no answer"));
  house.clock.move_to(noon + 1min);
  const std::size_t told = house.intake.healths.size();
  ASSERT_TRUE(house.until([&] { return house.intake.healths.size() >= told + 3; }));
  EXPECT_EQ(health("wind").since, noon) << "the silence began before";
  EXPECT_TRUE(house.intake.refusals.empty()) << "nothing came that could be refused";
  silent = false;
  ASSERT_TRUE(is_read("wind"));
  EXPECT_TRUE(house.until([&] { return health("wind").health == Health::Ok; }));
  EXPECT_EQ(values().at("wind_speed"), 7.0);
}

TEST_F(ModbusMaster, RefusedRegisterIsAWarningAndTheOthersAreRead) {
  const auto slave = Slave::on_tcp();
  slave->tables().tab_registers[63] = 5;
  line("tcp", address(slave->port()));
  // Register 64 is beyond libmodbus's table; read together with 63 both are refused.
  device("wind", 1, {point("last", 40064), point("beyond", 40065)});
  start();
  ASSERT_TRUE(is_read("wind", 2));
  EXPECT_EQ(values(), (std::map<std::string, double>{{"last", 5.0}}));
  house.pump(5ms);
  EXPECT_EQ(health("wind").health, Health::Warning);
  EXPECT_EQ(health("wind").reason, "40065: illegal address (2)");
  EXPECT_EQ(health("wind").since, noon);
}

TEST_F(ModbusMaster, EveryLieOverTcpIsRefusedAndTheTruthReadAfterIt) {
  const std::string truth("\x00\x00\x00\x05\x01\x03\x02\x00\x07", 9);  // after the transaction
  const std::vector<std::pair<std::string, std::string>> lies{
      {"unit", std::string("\x00\x00\x00\x05\x02\x03\x02\x00\x07", 9)},
      {"function", std::string("\x00\x00\x00\x05\x01\x04\x02\x00\x07", 9)},
      {"length", std::string("\x00\x00\x00\x07\x01\x03\x04\x00\x07\x00\x07", 11)},
      {"length", std::string("\x00\x00\xFF\xFF\x01\x03\x02\x00\x07", 9)},
      {"protocol", std::string("\x00\x07\x00\x05\x01\x03\x02\x00\x07", 9)},
      {"transaction", ""},  // see below
  };
  std::size_t told = 0;
  Liar liar(house, [&](const std::string& asked) {
    const std::string same = asked.substr(0, 2);
    if (told >= lies.size()) return same + truth;
    const std::string& lie = lies[told++].second;
    return lie.empty() ? "\x77\x77" + truth : same + lie;
  });
  line("tcp", address(liar.port()), 20ms).set("retries", std::int64_t{0});
  device("wind", 1, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(is_read("wind")) << health("wind").reason;
  std::vector<std::string> expected;
  for (const auto& [reason, bytes] : lies)
    expected.push_back(reason);
  EXPECT_EQ(house.intake.reasons(), expected);
  EXPECT_EQ(house.intake.refusals[0].device, "wind");
  EXPECT_EQ(values().at("wind_speed"), 7.0);
}

TEST_F(ModbusMaster, FlippedCrcIsRefusedAndAskedAgain) {
  int asked = 0;
  Liar liar(house, [&](const std::string&) {
    std::string answer("\x01\x03\x02\x00\x56\x38\x7A", 7);
    if (asked++ == 0) answer[3] = 1;
    return answer;
  });
  line("rtu_over_tcp", address(liar.port()), 20ms);
  device("wind", 1, {point("wind_speed", 40001, "u16", 0.1)}, 1h);
  start();
  ASSERT_TRUE(is_read_once("wind"));
  EXPECT_DOUBLE_EQ(values().at("wind_speed"), 8.6);
  EXPECT_EQ(house.intake.reasons(), std::vector<std::string>{"crc"});
}

TEST_F(ModbusMaster, TornAnswerIsRefused) {
  Liar liar(house, [&](const std::string&) { return std::string("\x01\x03\x02\x00\x56", 5); });
  line("rtu_over_tcp", address(liar.port()), 20ms);
  device("wind", 1, {point("wind_speed", 40001)}, 1h);
  start();
  ASSERT_TRUE(fails("wind", "ends after 5 of 7 bytes"));
  EXPECT_EQ(house.intake.reasons(), (std::vector<std::string>{"length", "length"}));
}

TEST_F(ModbusMaster, BusyDeviceIsAskedAgain) {
  int asked = 0;
  Liar liar(house, [&](const std::string& request) {
    const std::string head = request.substr(0, 4) + std::string("\x00", 1);
    if (asked++ == 0) return head + "\x03\x01\x83\x06";
    return head + std::string("\x05\x01\x03\x02\x00\x07", 6);
  });
  line("tcp", address(liar.port()));
  device("wind", 1, {point("wind_speed", 40001)}, 1h);
  start();
  ASSERT_TRUE(is_read_once("wind"));
  EXPECT_EQ(asked, 2);
  EXPECT_TRUE(house.intake.healths.empty());
}

TEST_F(ModbusMaster, OneQuestionIsOnTheLineAtATime) {
  std::vector<std::size_t> lengths;
  Liar liar(house, [&](const std::string& request) {
    lengths.push_back(request.size());
    return request.substr(0, 5) + std::string(1, '\x05') + request.substr(6, 1) +
           std::string("\x03\x02\x00\x07", 4);
  });
  line("tcp", address(liar.port()));
  for (int unit = 1; unit <= 5; ++unit)
    device("unit" + std::to_string(unit), unit, {point("a", 40001), point("b", 40100)}, 10ms);
  start();
  ASSERT_TRUE(is_read("unit5", 5));
  EXPECT_THAT(lengths, testing::Each(12u)) << "two questions came in one piece";
  EXPECT_EQ(liar.welcomed(), 1) << "all units share one connection";
}

TEST_F(ModbusMaster, EndlessAnswersEndTheConnectionAndNotTheBox) {
  Liar liar(house, [](const std::string&) {
    std::string flood;
    for (int i = 0; i < 1000; ++i)
      flood += std::string("\x77\x77\x00\x00\x00\x05\x01\x03\x02\x00\x07", 11);
    return flood;
  });
  line("tcp", address(liar.port()));
  device("wind", 1, {point("wind_speed", 40001)}, 1h);
  start();
  ASSERT_TRUE(fails("wind", "answers that nobody asked for"));
  EXPECT_LE(house.intake.refusals.size(), 32u) << "16 for each of two attempts";
}

TEST_F(ModbusMaster, ComesBackWhenTheDeviceDoes) {
  auto slave = Slave::on_tcp();
  const int port = slave->port();
  line("tcp", address(port), 50ms);
  device("wind", 1, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(is_read("wind"));
  slave.reset();
  ASSERT_TRUE(fails("wind", "line line1: "));
  slave = Slave::on_tcp(port);
  ASSERT_TRUE(is_read("wind", 2)) << health("wind").reason;
  house.pump(5ms);
  EXPECT_EQ(health("wind").health, Health::Ok);
}

TEST_F(ModbusMaster, SerialPortThatVanishesIsOpenedAgain) {
  const Scratch scratch("modbus-wires");
  const auto port = scratch.path() / "usb0";
  auto ours = std::make_unique<End>();
  auto theirs = std::make_unique<End>();
  std::filesystem::create_symlink(ours->name, port);
  auto wires = std::make_unique<Wires>(ours->behind, theirs->behind);
  auto slave = Slave::on_wires(theirs->name, 1);
  line("serial", port.string(), 50ms);
  device("wind", 1, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(is_read("wind"));

  slave.reset();
  wires.reset();
  std::filesystem::remove(port);
  ours.reset();
  ASSERT_TRUE(fails("wind", "line line1: open " + port.string() + ": No such file"));

  ours = std::make_unique<End>();
  std::filesystem::create_symlink(ours->name, port);
  wires = std::make_unique<Wires>(ours->behind, theirs->behind);
  slave = Slave::on_wires(theirs->name, 1);
  ASSERT_TRUE(is_read("wind", 2)) << health("wind").reason;
}

TEST_F(ModbusMaster, ValueOutOfRangeIsAWarningAndNoReading) {
  const auto slave = Slave::on_tcp();
  slave->tables().tab_registers[0] = 65535;
  line("tcp", address(slave->port()));
  auto wind = point("wind_speed", 40001, "u16", 0.1);
  wind.set("most", 60.0);
  device("wind", 1, {wind, point("direction", 40002)});
  start();
  ASSERT_TRUE(is_read("wind"));
  house.pump(5ms);
  EXPECT_FALSE(values().contains("wind_speed"));
  EXPECT_EQ(health("wind").reason, "wind_speed is 6553.5, most is 60");
}

TEST_F(ModbusMaster, StopsWhileItWaitsForAnAnswer) {
  Liar liar(house, [](const std::string&) { return ""; });
  line("tcp", address(liar.port()), 60s);
  device("wind", 1, {point("wind_speed", 40001)});
  start();
  ASSERT_TRUE(house.until([&] { return liar.welcomed() == 1; }));
  const auto before = std::chrono::steady_clock::now();
  house.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST(ModbusBeat, NeverDriftsAndSkipsWhatIsPast) {
  const Beat::Time start{};
  Beat beat(start, 100ms);
  EXPECT_EQ(beat.next(start + 30ms), 0u);
  EXPECT_EQ(beat.due(), start + 100ms);
  EXPECT_EQ(beat.next(start + 199ms), 0u) << "99 ms late, and the next is due in 1 ms";
  EXPECT_EQ(beat.due(), start + 200ms);
  EXPECT_EQ(beat.next(start + 399ms), 0u) << "due since 99 ms";
  EXPECT_EQ(beat.due(), start + 300ms);
  EXPECT_EQ(beat.next(start + 1050ms), 6u);
  EXPECT_EQ(beat.due(), start + 1000ms);
  std::uint64_t beats = 0;
  Beat late(start, 100ms);
  for (int i = 0; i < 1000; ++i)
    beats += 1 + late.next(late.due() + std::chrono::milliseconds(i % 350));
  EXPECT_EQ(late.due(), start + 100ms * beats) << "every due instant is on the first one's grid";
}

class ModbusFile : public testing::Test {
 protected:
  /// The complaint about a file with the device's part; empty: there is none.
  std::string complaint(const std::string& piece, const std::string& instead) {
    std::string text = R"([site]
id = "hz-demo"
[[driver.modbus.line]]
id = "east"
serial = "/dev/ttyUSB0"
baud = 9600
[[device]]
id = "wind"
driver = "modbus"
line = "east"
unit_id = 3
[[device.point]]
quantity = "wind_speed"
address = 40001
scale = 0.1
unit = "m/s"
)";
    const auto at = text.find(piece);
    EXPECT_NE(at, std::string::npos);
    const auto file = scratch_.write("site.toml", text.replace(at, piece.size(), instead));
    config::Complaints complaints;
    config::load(file, schemas(), {}, complaints);
    if (complaints.empty()) return "";
    return complaints[0].substr(file.string().size() + 1);
  }
  Scratch scratch_{"modbus-file"};
};

TEST_F(ModbusFile, PlainOneLoads) {
  EXPECT_EQ(complaint("9600", "19200"), "");
}

TEST_F(ModbusFile, EachMistakeIsToldAtItsLine) {
  EXPECT_THAT(complaint("line = \"east\"", "line = \"west\""),
              HasSubstr("10: device.wind.line: there is no [[driver.modbus.line]]"));
  EXPECT_THAT(complaint("40001", "1"), HasSubstr("14: device.wind.point.address: is no 1xxxx"));
  EXPECT_THAT(complaint("unit_id = 3", "unit_id = 0"),
              HasSubstr("11: device.wind.unit_id: wrong value; write 1 to 247"));
  EXPECT_THAT(complaint("9600", "96"), HasSubstr("6: driver.modbus.line.east.baud: wrong value"));
  EXPECT_THAT(complaint("baud = 9600", "tcp = \"10.0.0.1:502\""),
              HasSubstr("4: driver.modbus.line.east.id: needs one of"));
  EXPECT_THAT(
      complaint("baud = 9600", "[[driver.modbus.line]]\nid = \"east\"\ntcp = \"10.0.0.1:502\""),
      HasSubstr("driver.modbus.line: two lines are called \"east\""));
  EXPECT_THAT(
      complaint("unit = \"m/s\"", "[[device.point]]\nquantity = \"wind_speed\"\naddress = 40002"),
      HasSubstr("device.wind.point: two points are called"));
  EXPECT_THAT(complaint("scale = 0.1", "scale = 0"), HasSubstr("15: device.wind.point.scale"));
}

}  // namespace
}  // namespace jieding::drivers::test
