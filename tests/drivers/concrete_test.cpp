// Mass-concrete loggers: their lines, and the driver on a pty whose adapter is pulled.

#include <gmock/gmock.h>

#include "drivers/concrete_line.hpp"
#include "tests/drivers/house.hpp"
#include "tests/drivers/pty.hpp"

namespace jieding::drivers::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Stamp now{noon, TimeQuality::Synced};
const concrete::Logger slab{"slab-1", {{"1.1", "slab_core_temperature"}}};

/// A line of node 1 with these temperatures.
std::string record(const std::vector<std::string>& temperatures,
                   const std::string& time = "11:59:30", const std::string& host = "8191") {
  std::string line =
      host + "\t2\t1\t20260315\t" + time + "\t" + std::to_string(temperatures.size());
  for (std::size_t i = 0; i < 13; ++i)
    line += "\t" + (i < temperatures.size() ? temperatures[i] : std::string("0.0"));
  return line + "\t3.61\t1\t71.5\t0\t0\t0\t0\t12.1";
}
std::string reason(const std::string& line) {
  const auto read = concrete::read(line, slab, now);
  const auto* strange = std::get_if<concrete::Strange>(&read);
  return strange == nullptr ? "" : std::string(strange->reason);
}

TEST(ConcreteLine, RecordGivesAsManyValuesAsItCounts) {
  const auto line = concrete::read(record({"45.2", "-3.5"}), slab, now);
  const auto& batch = std::get<concrete::Record>(line).batch;
  ASSERT_EQ(batch.size(), 5u);
  EXPECT_EQ(batch[0].quantity, "slab_core_temperature") << "as the configuration calls it";
  EXPECT_EQ(batch[0].value, 45.2);
  EXPECT_EQ(batch[0].unit, "Cel");
  EXPECT_EQ(to_rfc3339(batch[0].device_time), "2026-03-15T03:59:30Z");
  EXPECT_EQ(batch[1].quantity, "concrete_temperature_1_2");
  EXPECT_EQ(batch[2].quantity, "concrete_humidity_1_1");
  EXPECT_EQ(batch[3].quantity, "node_voltage_1");
  EXPECT_EQ(batch[4].quantity, "host_voltage");
}

TEST(ConcreteLine, BrokenSensorIsLeftOutAndTold) {
  const auto line = concrete::read(record({"45.2", "-127.0", "ERR"}), slab, now);
  const auto& read = std::get<concrete::Record>(line);
  EXPECT_EQ(read.batch.size(), 4u);
  EXPECT_THAT(read.odd,
              ElementsAre("concrete_temperature_1_2: '-127.0'", "concrete_temperature_1_3: 'ERR'"));
}

TEST(ConcreteLine, HeartbeatIsTheHostAndAnH) {
  const auto line = concrete::read("8191h", slab, now);
  EXPECT_EQ(std::get<concrete::Heartbeat>(line).host, "8191");
}

TEST(ConcreteLine, WhatIsNoLineIsRefusedByName) {
  const std::string good = record({"45.2"});
  EXPECT_EQ(reason(good), "");
  EXPECT_EQ(reason(good + "\t1"), "fields");
  EXPECT_EQ(reason(good.substr(0, good.rfind('\t'))), "fields");
  EXPECT_EQ(reason("81911" + good.substr(4)), "fields");
  EXPECT_EQ(reason(record(std::vector<std::string>(14, "1"))), "count") << "it has 13";
  EXPECT_EQ(reason(record({"45.2"}, "24:00:00")), "time");
  EXPECT_EQ(reason(record({"45.2"}, "11-59-30")), "time");
  EXPECT_EQ(reason("\xC3\x28" + good), "noise");
  EXPECT_EQ(reason(std::string(513, '1')), "too_long");
  EXPECT_EQ(reason(""), "fields");
}

TEST(ConcreteLine, AnyCutGivesTheSameLines) {
  const std::string text = record({"45.2"}) + "\r\n8191h\r\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    concrete::LineFinder finder;
    std::vector<std::string> lines;
    for (const auto& part : {text.substr(0, cut), text.substr(cut)}) {
      finder.push(part);
      while (auto line = finder.next())
        lines.push_back(*line);
    }
    EXPECT_EQ(lines, (std::vector<std::string>{record({"45.2"}), "8191h"})) << cut;
  }
}

TEST(ConcreteLine, EndlessLineIsNotKept) {
  concrete::LineFinder finder;
  for (int i = 0; i < 1000; ++i) {
    finder.push(std::string(512, 'x'));
    EXPECT_FALSE(finder.next());
  }
  EXPECT_LE(finder.unfinished().size(), concrete::longest_line + 2);
  finder.push("\n8191h\n");
  EXPECT_EQ(reason(finder.next().value()), "too_long");
  EXPECT_EQ(finder.next(), "8191h");
}

class ConcreteLogger : public testing::Test {
 protected:
  ConcreteLogger() {
    house.on_wall_clock = true;
    config::Device& device = house.config.devices.emplace_back();
    device.id = "slab-1";
    device.driver = "concrete";
    device.settings.set("serial", port.name());
    device.settings.set("host", std::string("8191"));
  }
  bool stored(std::size_t batches) {
    return house.until([&] { return house.intake.batches.size() >= batches; });
  }
  bool told(Health health) {
    return house.until([&] {
      return !house.intake.healths.empty() && house.intake.healths.back().health == health;
    });
  }

  Scratch scratch{"jieding-concrete"};
  SerialPort port{scratch.path() / "adapter"};
  House house;
};

TEST_F(ConcreteLogger, LinesAreStoredAndHeartbeatsHeard) {
  house.start("concrete");
  house.pump(20ms);
  port.say(record({"45.2"}) + "\r\n8191h\r\n");
  ASSERT_TRUE(stored(1));
  EXPECT_EQ(house.intake.batches[0].front().device, "slab-1");
  ASSERT_TRUE(house.until([&] { return !house.intake.signs_of_life.empty(); }));
  EXPECT_TRUE(house.intake.refusals.empty());
  EXPECT_TRUE(house.intake.healths.empty());
}

TEST_F(ConcreteLogger, OtherLoggersAndNoiseAreRefused) {
  house.start("concrete");
  house.pump(20ms);
  port.say(record({"45.2"}, "11:59:30", "7777") + "\r\n7777h\r\nOK\r\n\r\n");
  ASSERT_TRUE(house.until([&] { return house.intake.refusals.size() == 3; }));
  EXPECT_THAT(house.intake.reasons(), ElementsAre("unknown_device", "unknown_device", "fields"));
  EXPECT_TRUE(house.intake.batches.empty());
}

TEST_F(ConcreteLogger, BrokenSensorIsAWarningUntilItIsWell) {
  house.start("concrete");
  house.pump(20ms);
  port.say(record({"45.2", "-127.0"}) + "\r\n");
  ASSERT_TRUE(told(Health::Warning));
  EXPECT_THAT(house.intake.healths.back().reason, HasSubstr("concrete_temperature_1_2: '-127.0'"));
  EXPECT_EQ(house.intake.healths.back().since, noon);
  port.say(record({"45.2", "45.0"}, "12:00:30") + "\r\n");
  EXPECT_TRUE(told(Health::Ok));
}

TEST_F(ConcreteLogger, ClockFarOffIsAWarning) {
  house.start("concrete");
  house.pump(20ms);
  port.say(record({"45.2"}, "03:00:00") + "\r\n");
  ASSERT_TRUE(told(Health::Warning));
  EXPECT_THAT(house.intake.healths.back().reason, HasSubstr("its clock says"));
  EXPECT_EQ(to_rfc3339(house.intake.batches[0][0].device_time), "2026-03-14T19:00:00Z");
}

TEST_F(ConcreteLogger, PulledAdapterIsHealthAndReadAgainWhenItIsBack) {
  house.start("concrete");
  house.pump(20ms);
  port.say(record({"45.2"}) + "\r\n" + record({"45.3"}, "12:00:30").substr(0, 30));
  ASSERT_TRUE(stored(1));
  house.pump(20ms);
  port.pull();
  ASSERT_TRUE(told(Health::Failed));
  EXPECT_EQ(house.intake.healths.back().since, noon);
  EXPECT_THAT(house.intake.reasons(), Contains("torn"));
  house.wall.stamp.at = noon + 5min;
  house.pump(700ms);
  EXPECT_EQ(house.intake.healths.back().since, noon) << "it is still the same trouble";
  port.plug_in();
  ASSERT_TRUE(told(Health::Ok));
  port.say(record({"45.4"}, "12:05:00") + "\r\n");
  EXPECT_TRUE(stored(2));
}

TEST_F(ConcreteLogger, LoggerWithoutALineIsToldAtStart) {
  house.config.devices.back().settings = {};
  EXPECT_THROW(house.make("concrete"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
