#include "drivers/hj212_codec.hpp"

#include <gtest/gtest.h>

#include "drivers/hj212_frame.hpp"

namespace jieding::drivers::hj212 {
namespace {

const std::string head =
    "QN=20260315080000123;ST=39;CN=2011;PW=123456;MN=010000A8900016F000169DC0;";
const std::string dated = "DataTime=20260315080000;";

std::string upload(const std::string& contents, const std::string& cn = "2011") {
  return "QN=20260315080000123;ST=39;CN=" + cn +
         ";PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&" + dated + contents + "&&";
}

Parsed<Batch> read(const std::string& segment, const Dialect& dialect = {}) {
  const auto message = parse(segment);
  if (!message) return message.error();
  return readings(*message, dialect, "dust-1", {});
}

std::string reason(const std::string& segment, const Dialect& dialect = {}) {
  const auto batch = read(segment, dialect);
  return batch ? "" : std::string(batch.error().code);
}

TEST(Hj212Codec, AnswerIsTheStandardsOwn) {
  Message message;
  message.qn = "20160801085857223";
  message.pw = "123456";
  message.mn = "010000A8900016F000169DC0";
  EXPECT_EQ(answer(message),
            "##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;"
            "Flag=4;CP=&&&&3240\r\n");
}

TEST(Hj212Codec, RealtimeValuesBecomeReadings) {
  const auto batch = read(upload("a34004-Rtd=41.0,a34004-Flag=N;a01006-Rtd=101.325"));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->size(), 2U);
  const Reading& dust = batch->at(0);
  EXPECT_EQ(dust.device, "dust-1");
  EXPECT_EQ(dust.quantity, "pm25");
  EXPECT_EQ(dust.unit, "ug/m3");
  EXPECT_EQ(dust.value, 41);
  EXPECT_EQ(dust.flag, "N");
  EXPECT_EQ(to_text(dust.statistic), "realtime");
  EXPECT_EQ(to_rfc3339(dust.device_time), "2026-03-15T00:00:00Z");  // 08:00 in China
  EXPECT_EQ(batch->at(1).value, 1013.25);
  EXPECT_EQ(batch->at(1).unit, "hPa");
}

TEST(Hj212Codec, PeriodsAndAggregatesKeepTheirNames) {
  const std::string values = "a34002-Min=40,a34002-Avg=66.5,a34002-Max=99,a34002-Cou=1.5";
  const auto batch = read(upload(values, "2061"));
  ASSERT_TRUE(batch);
  std::string list;
  for (const Reading& each : *batch)
    list += to_text(each.statistic) + " ";
  EXPECT_EQ(list, "hour.min hour.mean hour.max hour.total ");
  EXPECT_EQ(to_text(read(upload("LA-Avg=60", "2051"))->at(0).statistic), "minute.mean");
  EXPECT_EQ(to_text(read(upload("LA-Data=60", "2031"))->at(0).statistic), "day.mean");
  EXPECT_EQ(read(upload("Leq-NightData=48.5", "2031"))->at(0).quantity, "noise_leq_night");
}

TEST(Hj212Codec, UnitsAreWhatTheConfigurationSays) {
  const Dialect mg{{{"a34004", "mg/m3"}, {"a01006", "hPa"}}, {}};
  const auto batch = read(upload("a34004-Rtd=0.038;a01006-Rtd=1002"), mg);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->at(0).value, 38);
  EXPECT_EQ(batch->at(1).value, 1002);
  EXPECT_EQ(read(upload("a34001-Rtd=75600.000"), {{{"a34001", "ng/m3"}}, {}})->at(0).value, 75.6);
}

TEST(Hj212Codec, WrongUnitsAreCaughtByTheRange) {
  EXPECT_EQ(reason(upload("a34004-Rtd=75600.000")), "range");  // ng/m3 sent, ug/m3 expected
  EXPECT_EQ(reason(upload("a01006-Rtd=1002")), "range");       // hPa sent, kPa expected
  EXPECT_EQ(reason(upload("a01001-Rtd=-999,a01001-Flag=N")), "range");
  EXPECT_EQ(reason(upload("a01001-Rtd=-999,a01001-Flag=D")), "");  // the station says so itself
  EXPECT_EQ(reason(upload("a01006-Rtd=0.0")), "");                 // not fitted
}

TEST(Hj212Codec, MakersCodesGoThroughTheirAlias) {
  const Dialect dialect{{}, {{"a50001", "LA"}}};
  EXPECT_EQ(read(upload("a50001-Rtd=61.5"), dialect)->at(0).quantity, "noise");
  EXPECT_EQ(read(upload("B00008-Rtd=51.3"))->at(0).quantity, "b00008");
  EXPECT_EQ(read(upload("B00008-Rtd=51.3"))->at(0).unit, "");
}

TEST(Hj212Codec, ForeignUnitIsRefusedAtStart) {
  EXPECT_FALSE(check({{{"a34004", "kPa"}}, {}}));
  EXPECT_FALSE(check({{{"a50001", "kPa"}}, {{"a50001", "LA"}}}));
  EXPECT_TRUE(check({{{"a34004", "mg/m3"}, {"zz9", "furlong"}}, {{"a50001", "LA"}}}));
}

TEST(Hj212Codec, OtherEditionsAreRefusedByName) {
  const auto flagged = [](const std::string& flag) {
    return head + flag + "CP=&&" + dated + "LA-Rtd=1&&";
  };
  EXPECT_EQ(reason(flagged("Flag=4;")), "");
  EXPECT_EQ(reason(flagged("Flag=0;")), "edition");
  EXPECT_EQ(reason(flagged("Flag=9;")), "edition");
  EXPECT_EQ(reason(flagged("")), "edition");
  EXPECT_EQ(reason("ST=32;CN=2011;PW=123456;MN=1;CP=&&" + dated + "B01-Rtd=36.91&&"), "edition");
}

TEST(Hj212Codec, PacketNumbersMustFitTheFlag) {
  const auto packet = [](const std::string& text) {
    return head + text + "CP=&&" + dated + "LA-Rtd=1&&";
  };
  EXPECT_EQ(reason(packet("Flag=7;PNUM=2;PNO=1;")), "");
  for (const std::string wrong :
       {"Flag=7;", "Flag=5;PNUM=2;PNO=1;", "Flag=7;PNUM=2;", "Flag=7;PNUM=2;PNO=3;",
        "Flag=7;PNUM=2;PNO=0;", "Flag=7;PNUM=x;PNO=1;", "Flag=7;PNUM=99999;PNO=1;"}) {
    EXPECT_EQ(reason(packet(wrong)), "flag") << wrong;
  }
}

TEST(Hj212Codec, HeadIsReadStrictly) {
  const std::string tail = "CP=&&" + dated + "LA-Rtd=1&&";
  const auto with = [&](const std::string& text) { return reason(text + tail); };
  EXPECT_EQ(with("QN=20260315080000;ST=39;CN=2011;PW=1;MN=1;Flag=5;"), "qn");
  EXPECT_EQ(with("QN=20261315080000123;ST=39;CN=2011;PW=1;MN=1;Flag=5;"), "qn");
  EXPECT_EQ(with("QN=20260315080000123;CN=2011;PW=1;MN=1;Flag=5;"), "st");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=20;PW=1;MN=1;Flag=5;"), "cn");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=1234567;MN=1;Flag=5;"), "pw");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=;MN=;Flag=5;"), "mn");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=;MN=1;Flag=256;"), "flag");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=;MN=1;Flag=5;"), "");
}

TEST(Hj212Codec, ContentsAreReadStrictly) {
  EXPECT_EQ(reason(head + "Flag=5;"), "format");
  EXPECT_EQ(reason(head + "Flag=5;CP=&&"), "format");
  EXPECT_EQ(reason(head + "Flag=5;CP=&&&&"), "datatime");
  EXPECT_EQ(reason(head + "Flag=5;CP=&&LA-Rtd=1&&"), "datatime");
  EXPECT_EQ(reason(head + "Flag=5;CP=&&DataTime=20260230000000;LA-Rtd=1&&"), "datatime");
  EXPECT_EQ(reason(head + "Flag=5;CP=&&DataTime=20260315080000&&"), "empty");
  EXPECT_EQ(reason(upload("LA-Rtd=")), "value");
  EXPECT_EQ(reason(upload("LA-Rtd=1e3")), "value");
  EXPECT_EQ(reason(upload("LA-Rtd=nan")), "value");
  EXPECT_EQ(reason(upload("LA-Rtd=--1")), "value");
  EXPECT_EQ(reason(upload("LA-td=50.1")), "suffix");
  EXPECT_EQ(reason(upload("LA-Avg=50.1")), "suffix");          // no average in realtime
  EXPECT_EQ(reason(upload("LA-Rtd=50.1", "2051")), "suffix");  // no instant in minute data
  EXPECT_EQ(reason(upload(" LA-Rtd=50.1")), "format");
  EXPECT_EQ(reason(upload("LA-Rtd=50.1,")), "format");
  EXPECT_EQ(reason(upload("LA-Rtd=50.1;Flag=N")), "format");
  EXPECT_EQ(reason(upload("LA-Rtd=50.1,LA-Flag=0x1")), "data_flag");
  EXPECT_EQ(reason(upload("RestartTime=1", "2081")), "unknown_cn");
}

}  // namespace
}  // namespace jieding::drivers::hj212
