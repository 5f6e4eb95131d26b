#include "drivers/plain_json.hpp"

#include <gmock/gmock.h>

#include "drivers/pack.hpp"

namespace jieding::drivers {
namespace {

using testing::HasSubstr;

constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} +
                         std::chrono::hours{4} + std::chrono::milliseconds{250};
const senml::Sender crane{"hz-demo", "crane-1", {noon, TimeQuality::Synced}};
const plain_json::Dialect dialect{
    {{"Height", "crane_height"}, {"ts", "time"}, {"SN", ""}, {"bad", "a b"}},
    {{"crane_height", "m"}, {"wind_speed", "m/s"}}};

Result<Batch> parse(std::string_view body, pack::Form form = pack::Form::Either) {
  return pack::parse(body, form, crane, dialect);
}
/// What is said of a body that is refused.
std::string complaint(std::string_view body, Fault kind = Fault::Invalid) {
  const auto batch = parse(body);
  EXPECT_FALSE(batch) << body;
  if (batch) return "";
  EXPECT_EQ(batch.error().kind(), kind) << body;
  return batch.error().text();
}

TEST(PlainJson, FlatObjectIsManyReadingsOfOneTime) {
  const auto batch = parse(R"({"wind_speed":3.5,"crane_load":{"value":2400,"unit":"kg"},
      "time":"2026-03-15T12:00:00+08:00","lifting":true,"crane_angle/minute.max":-12})");
  ASSERT_TRUE(batch) << batch.error().text();
  ASSERT_EQ(batch->size(), 4u);
  for (const Reading& each : *batch) {
    EXPECT_EQ(each.device, "crane-1");
    EXPECT_EQ(to_rfc3339(each.device_time), "2026-03-15T04:00:00Z") << each.quantity;
    EXPECT_EQ(each.received.at, noon);
  }
  EXPECT_EQ(batch->at(0).value, 3.5);
  EXPECT_EQ(batch->at(0).unit, "m/s") << "the device's own, as configured";
  EXPECT_EQ(batch->at(1).value, 2400);
  EXPECT_EQ(batch->at(1).unit, "kg");
  EXPECT_EQ(batch->at(2).value, 1);
  EXPECT_EQ(batch->at(3).quantity, "crane_angle");
  EXPECT_EQ(to_text(batch->at(3).statistic), "minute.max");
}

TEST(PlainJson, ListGivesEachItsOwnTime) {
  const auto batch = parse(R"([{"quantity":"a","value":1,"time":1773547200.5},
                               {"quantity":"b","value":2,"unit":"m"}])");
  ASSERT_TRUE(batch) << batch.error().text();
  EXPECT_EQ(to_rfc3339(batch->at(0).device_time), "2026-03-15T04:00:00.500Z");
  EXPECT_EQ(batch->at(1).device_time, noon);
  EXPECT_EQ(batch->at(1).unit, "m");
}

TEST(PlainJson, MakersWordsAreRenamedOrPassedOver) {
  const auto batch = parse(R"({"SN":"A-7","ts":1773547200,"Height":41.5})");
  ASSERT_TRUE(batch) << batch.error().text();
  ASSERT_EQ(batch->size(), 1u);
  EXPECT_EQ(batch->at(0).quantity, "crane_height");
  EXPECT_EQ(batch->at(0).unit, "m");
  EXPECT_EQ(to_rfc3339(batch->at(0).device_time), "2026-03-15T04:00:00Z");
}

TEST(PlainJson, NullIsNotMeasured) {
  EXPECT_EQ(parse(R"({"a":null,"b":0})").value().size(), 1u);
  EXPECT_THAT(complaint(R"({"a":null})"), HasSubstr("no measurement"));
}

TEST(PlainJson, WhatIsNotAMeasurementIsRefusedByName) {
  EXPECT_THAT(complaint(R"({"pm10":"81"})"), HasSubstr("'pm10': is not a number"));
  EXPECT_THAT(complaint(R"({"PM10":81})"), HasSubstr("'PM10'"));
  EXPECT_THAT(complaint(R"({"pm10":{"unit":"m"}})"), HasSubstr("has no 'value'"));
  EXPECT_THAT(complaint(R"({"pm10":{"value":1,"min":0}})"), HasSubstr("'min' is not known"));
  EXPECT_THAT(complaint(R"({"pm10":[1]})"), HasSubstr("is not a number"));
  EXPECT_THAT(complaint(R"({"pm10":1e999})"), HasSubstr("is not a number"));
  EXPECT_THAT(complaint(R"([{"quantity":"a","value":1},{"value":2}])"), HasSubstr("entry 1"));
  EXPECT_THAT(complaint(R"([{"quantity":"a","value":1},7])"), HasSubstr("is not an object"));
  EXPECT_THAT(complaint("{}"), HasSubstr("no measurement"));
  EXPECT_THAT(complaint(R"({"a":{"value":1,"unit":"a b"}})"), HasSubstr("unit"));
  EXPECT_THAT(complaint(R"([{"quantity":"","value":1}])"), HasSubstr("has no 'quantity'"));
  EXPECT_THAT(complaint(R"({"bad":1})"), HasSubstr("'bad': the name"));
}

TEST(PlainJson, TimesThatCannotBeAreRefused) {
  EXPECT_THAT(complaint(R"({"time":1773547200000,"a":1})"), HasSubstr("milliseconds"));
  EXPECT_THAT(complaint(R"({"time":-1,"a":1})"), HasSubstr("1970"));
  EXPECT_THAT(complaint(R"({"time":"2026-03-15 12:00:00","a":1})"), HasSubstr("time"));
  EXPECT_THAT(complaint(R"({"time":true,"a":1})"), HasSubstr("neither"));
}

TEST(PlainJson, ForeignDeviceIsRefused) {
  complaint(R"({"crane-2/crane_height":1})", Fault::Refused);
  EXPECT_TRUE(parse(R"({"crane-1/crane_height":1})"));
}

TEST(PlainJson, DepthAndNumberAreBounded) {
  EXPECT_THAT(complaint(R"({"a":{"value":{"value":{"value":{"value":1}}}}})"),
              HasSubstr("not JSON"));
  std::string many = "{";
  for (std::size_t i = 0; i <= senml::most_records; ++i)
    many += "\"q" + std::to_string(i) + "\":1,";
  many.back() = '}';
  complaint(many, Fault::TooMuch);
  complaint(std::string(pack::longest_body + 1, ' '), Fault::TooMuch);
}

TEST(PlainJson, SenmlStaysSenml) {
  EXPECT_TRUE(parse(R"([{"n":"a","v":1}])"));
  EXPECT_FALSE(parse(R"({"a":1})", pack::Form::SenmlOnly)) << "its content type says SenML";
}

TEST(PlainJson, NamesThatLeadNowhereAreToldAtStart) {
  config::Settings device;
  device.set("names", config::TextTable{{"h", "crane_height"}, {"t", "time"}, {"no", ""}});
  EXPECT_EQ(pack::wrong_names(device, {}), "");
  device.set("names", config::TextTable{{"h", "Crane Height"}});
  EXPECT_THAT(pack::wrong_names(device, {}), HasSubstr("'h' is to become 'Crane Height'"));
  device.set("units", config::TextTable{{"pm10", "ug m"}});
  EXPECT_THAT(pack::wrong_units(device, {}), HasSubstr("'pm10'"));
}

}  // namespace
}  // namespace jieding::drivers
