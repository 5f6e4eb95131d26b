#include "drivers/senml.hpp"

#include <gtest/gtest.h>

#include "drivers/pack.hpp"

namespace jieding::drivers::senml {
namespace {

constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} +
                         std::chrono::hours{4} + std::chrono::milliseconds{250};
const Sender hoist{"hz-demo", "hoist-1", {noon, TimeQuality::Synced}};

Result<Batch> parse(std::string_view body, const Sender& sender) {
  return pack::parse(body, pack::Form::SenmlOnly, sender, {});
}

Fault fault(std::string_view body) {
  const auto batch = parse(body, hoist);
  EXPECT_FALSE(batch) << body;
  return batch ? Fault::Internal : batch.error().kind();
}

TEST(Senml, SenmlBaseFieldsResolve) {
  const auto batch = parse(R"([
    {"bn":"urn:dev:jieding:hz-demo:hoist-1:","bt":1773547200,"bu":"m","bv":10,"bver":10,
     "n":"hoist_height","v":1.25},
    {"n":"hoist_height","t":-60},
    {"bu":"Cel","bv":0,"n":"temperature/hour.mean","v":12.5,"t":0.5},
    {"u":"%RH","n":"humidity/day.max","v":99}])",
                           hoist);
  ASSERT_TRUE(batch) << batch.error().text();
  ASSERT_EQ(batch->size(), 4U);
  EXPECT_EQ(batch->at(0).device, "hoist-1");
  EXPECT_EQ(batch->at(0).quantity, "hoist_height");
  EXPECT_EQ(batch->at(0).value, 11.25);
  EXPECT_EQ(batch->at(0).unit, "m");
  EXPECT_EQ(to_rfc3339(batch->at(0).device_time), "2026-03-15T04:00:00Z");
  EXPECT_EQ(batch->at(1).value, 10);
  EXPECT_EQ(to_rfc3339(batch->at(1).device_time), "2026-03-15T03:59:00Z");
  EXPECT_EQ(to_text(batch->at(2).statistic), "hour.mean");
  EXPECT_EQ(to_rfc3339(batch->at(2).device_time), "2026-03-15T04:00:00.500Z");
  EXPECT_EQ(batch->at(3).unit, "%RH");
  EXPECT_EQ(to_text(batch->at(3).statistic), "day.max");
}

TEST(Senml, MissingAndRelativeTimesCountFromNow) {
  const auto batch = parse(R"([{"n":"people","v":3},{"n":"people","v":4,"t":-2.5},
                               {"n":"people","v":5,"t":268435456}])",
                           hoist);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->at(0).device_time, noon);
  EXPECT_EQ(batch->at(1).device_time, noon - std::chrono::milliseconds{2500});
  EXPECT_EQ(to_rfc3339(batch->at(2).device_time), "1978-07-04T21:24:16Z");  // 2^28 s
}

TEST(Senml, BaseRecordAloneAndBooleansAreFine) {
  const auto batch = parse(R"([{"bn":"hoist-1/","bu":"1"},{"n":"door_open","vb":true}])", hoist);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->at(0).quantity, "door_open");
  EXPECT_EQ(batch->at(0).value, 1);
}

TEST(Senml, ForeignDeviceNameIsRefused) {
  for (const std::string name :
       {"hoist-2/hoist_height", "urn:dev:jieding:hz-demo:hoist-2:hoist_height",
        "urn:dev:jieding:elsewhere:hoist-1:hoist_height", "a/hoist-1/hoist_height",
        "hoist-2:hoist_height/minute.mean"}) {
    EXPECT_EQ(fault("[{\"n\":\"" + name + "\",\"v\":1}]"), Fault::Refused) << name;
  }
  EXPECT_TRUE(parse(R"([{"n":"urn:dev:mac:0024befffe804ff1:hoist_height","v":1}])", hoist));
  EXPECT_TRUE(parse(R"([{"n":"hoist-1:hoist_height","v":1}])", hoist));
}

TEST(Senml, HugeSenmlIsRefused) {
  EXPECT_EQ(fault(std::string(pack::longest_body + 1, ' ')), Fault::TooMuch);
  std::string many = "[";
  for (std::size_t i = 0; i <= most_records; ++i)
    many += R"({"n":"a","v":1},)";
  many.back() = ']';
  EXPECT_EQ(fault(many), Fault::TooMuch);
  EXPECT_EQ(fault(std::string(50'000, '[')), Fault::Invalid);
  EXPECT_EQ(fault(R"([{"n":"a","v":1,"x":[[[1]]]}])"), Fault::Invalid);
  EXPECT_EQ(fault("[{\"n\":\"" + std::string(300, 'a') + "\",\"v\":1}]"), Fault::Invalid);
}

TEST(Senml, WhatIsNotAMeasurementIsRefused) {
  for (const std::string body : {"",
                                 "x",
                                 "[]",
                                 "{}",
                                 "[1]",
                                 "[{}]",
                                 R"([{"bn":"hoist-1/"}])",
                                 R"([{"n":"a"}])",
                                 R"([{"v":1}])",
                                 R"([{"n":"","v":1}])",
                                 R"([{"n":"PM10","v":1}])",
                                 R"([{"n":"pm10/minute.avg","v":1}])",
                                 R"([{"n":"minute.mean","v":1}])",
                                 R"([{"n":"a b","v":1}])",
                                 R"([{"n":"a","v":"1"}])",
                                 R"([{"n":"a","v":1e999}])",
                                 R"([{"n":"a","v":1,"vb":true}])",
                                 R"([{"n":"a","vs":"x"}])",
                                 R"([{"n":"a","vd":"eA"}])",
                                 R"([{"n":"a","s":1}])",
                                 R"([{"n":"a","v":1,"must_":1}])",
                                 R"([{"bver":11,"n":"a","v":1}])",
                                 R"([{"n":"a","v":1,"t":1e300}])",
                                 R"([{"n":"a","v":1,"t":-1e12}])",
                                 R"([{"n":"a","v":1,"u":"a b"}])",
                                 R"([{"bv":1e308,"n":"a","v":1e308}])",
                                 R"([{"n":1,"v":1}])"}) {
    EXPECT_EQ(fault(body), Fault::Invalid) << body;
  }
}

TEST(Senml, ErrorsNameTheRecord) {
  const auto batch = parse(R"([{"n":"a","v":1},{"n":"a","v":"x"}])", hoist);
  EXPECT_EQ(batch.error().text(), "record 1: 'v' is not a number");
}

}  // namespace
}  // namespace jieding::drivers::senml
