#include "drivers/hj212_codec.hpp"

#include <gtest/gtest.h>

#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_reply.hpp"
#include "drivers/quoted.hpp"

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
  auto decoded = readings(*message, dialect, "dust-1", {});
  if (!decoded) return decoded.error();
  return std::move(decoded->batch);
}

Dialect tolerating(const std::vector<std::string>& names) {
  return {{}, {}, *tolerances(names)};
}

std::string reason(const std::string& segment, const Dialect& dialect = {}) {
  const auto batch = read(segment, dialect);
  return batch ? "" : std::string(batch.error().code);
}

/// What `segment` needs: its first refusal, and that exactly `tolerance` lets it through.
void needs(const std::string& tolerance, const std::string& code, const std::string& segment) {
  EXPECT_EQ(reason(segment), code) << segment;
  EXPECT_EQ(reason(segment, tolerating({tolerance})), "") << segment;
  for (const ToleranceWord& word : tolerance_words()) {
    if (word.name == tolerance || word.always) continue;
    EXPECT_EQ(reason(segment, tolerating({std::string(word.name)})), code) << word.name;
  }
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
  EXPECT_EQ(read(upload("a34001-Rtd=75600.000"), {{{"a34001", "ng/m3"}}, {}, {}})->at(0).value,
            75.6);
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

TEST(Hj212Codec, EditionsAreToldApartByFlag) {
  const auto flagged = [](const std::string& flag) {
    return head + flag + "CP=&&" + dated + "LA-Rtd=1&&";
  };
  const std::vector<std::pair<std::string, Edition>> editions{
      {"Flag=0;", Edition::Of2005}, {"Flag=1;", Edition::Of2005}, {"Flag=4;", Edition::Of2017},
      {"Flag=5;", Edition::Of2017}, {"Flag=8;", Edition::Of2025}, {"Flag=9;", Edition::Of2025}};
  for (const auto& [flag, edition] : editions) {
    const std::string segment = flagged(flag);
    ASSERT_TRUE(parse(segment)) << flag;
    EXPECT_EQ(parse(segment)->head.edition, edition) << flag;
    EXPECT_EQ(reason(segment), "") << flag;
  }
  EXPECT_EQ(reason(flagged("Flag=12;")), "edition");
  EXPECT_EQ(reason(flagged("Flag=252;")), "edition");
}

TEST(Hj212Codec, NamesAndOrderOf2005AreItsOwn) {
  const auto batch = read(
      "QN=20260315080000123;PNUM=2;PNO=1;ST=39;CN=2011;PW=123456;MN=88888880000001;Flag=3;"
      "CP=&&" +
      dated + "PM25-Rtd=41,PM25-Flag=3;NOIS-Rtd=60;B01-Rtd=36.91&&");
  ASSERT_TRUE(batch) << batch.error().detail;
  EXPECT_EQ(batch->at(0).quantity, "pm25");
  EXPECT_EQ(batch->at(0).unit, "ug/m3");
  EXPECT_EQ(batch->at(0).flag, "3");
  EXPECT_EQ(batch->at(1).quantity, "noise");
  EXPECT_EQ(batch->at(2).quantity, "b01");
  EXPECT_EQ(read(upload("PM25-Rtd=41"))->at(0).unit, "");  // no name of 2017
  EXPECT_EQ(reason(upload("LA-Rtd=41,LA-Flag=3")), "data_flag");
}

TEST(Hj212Codec, RetransmissionIsMarkedIn2025Only) {
  const auto marked = [](const std::string& flag, const std::string& mark) {
    return head + flag + mark + "CP=&&" + dated + "LA-Rtd=1&&";
  };
  EXPECT_TRUE(parse(marked("Flag=9;", "RF=1;"))->head.resent);
  EXPECT_TRUE(parse(marked("Flag=11;", "PNUM=2;PNO=2;RF=1;"))->head.resent);
  EXPECT_EQ(reason(marked("Flag=9;", "RF=1;")), "");
  needs("odd_rf", "rf", marked("Flag=9;", "RF=0;"));
  needs("odd_rf", "rf", marked("Flag=5;", "RF=1;"));
}

TEST(Hj212Codec, StartOfTheLoggerIsAReading) {
  const auto batch = read(
      "QN=20200428011552615;ST=31;CN=2081;PW=;MN=MYHJ00000000000080011128;Flag=4;CP=&&DataTime="
      "20200428011552;RestartTime=20200425120954&&");
  ASSERT_TRUE(batch) << batch.error().detail;
  EXPECT_EQ(batch->at(0).quantity, "restart_time");
  EXPECT_EQ(batch->at(0).unit, "s");
  EXPECT_EQ(batch->at(0).value, 1587787794);  // 2020-04-25 04:09:54 UTC
  EXPECT_EQ(reason(upload("RestartTime=1", "2081")), "value");
  EXPECT_EQ(reason(upload("LA-Rtd=1", "2081")), "value");
}

TEST(Hj212Codec, OdditiesOfTheFieldNeedTheirTolerance) {
  const std::string tail = "CP=&&" + dated + "LA-Rtd=1&&";
  const std::string who = "ST=39;CN=2011;PW=123456;MN=010000A8900016F000169DC0;";
  const std::string qn = "QN=20260315080000123;";
  needs("no_qn", "edition", who + "Flag=5;" + tail);
  needs("short_qn", "qn", "QN=20260315080000;" + who + "Flag=5;" + tail);
  needs("no_flag", "edition", qn + who + tail);
  needs("missing_packets", "flag", qn + who + "Flag=7;" + tail);
  needs("unflagged_packets", "flag", qn + who + "Flag=5;PNUM=2;PNO=1;" + tail);
  needs("packet_order", "format", qn + who + "Flag=7;PNO=1;PNUM=2;" + tail);
  needs("head_order", "format",
        "ST=39;QN=20260315080000123;CN=2011;MN=010000A8900016F000169DC0;PW=1;Flag=5;" + tail);
  needs("blanks", "format", upload(" LA-Rtd=50.1"));
  needs("blanks", "format", upload("LA-Rtd= 50.1 "));
  needs("trailing_separator", "format", upload("LA-Rtd=50.1;"));
  needs("loose_flag", "format", upload("LA-Rtd=50.1;Flag=N"));
  needs("loose_flag", "format", upload("LA-Rtd=50.1,Flag=N"));
  needs("misspelt_suffix", "suffix", upload("LA-td=50.1"));
  needs("misspelt_suffix", "suffix", upload("LA-rtd=50.1"));
  EXPECT_EQ(reason(who + "PNO=0002;PNUM=0002;" + tail,
                   tolerating({"no_qn", "no_flag", "packet_order", "unflagged_packets"})),
            "");
  EXPECT_EQ(reason(who + "PNO=0002;PNUM=0002;" + tail, tolerating({"field"})), "");
}

TEST(Hj212Codec, ToleranceChangesNoValue) {
  const auto loose = read(upload("LA-td=50.1,Flag=D; a34002-Rtd=7;Flag=N;"), tolerating({"field"}));
  ASSERT_TRUE(loose) << loose.error().detail;
  ASSERT_EQ(loose->size(), 2U);
  EXPECT_EQ(loose->at(0).value, 50.1);
  EXPECT_EQ(loose->at(0).flag, "D");
  EXPECT_EQ(loose->at(1).quantity, "pm10");
  EXPECT_EQ(loose->at(1).flag, "N");
}

TEST(Hj212Codec, UnknownToleranceIsRefusedByName) {
  EXPECT_TRUE(tolerances({"field", "plaintext"}));
  const auto wrong = tolerances({"shrot_qn"});
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text().find("short_qn"), std::string::npos);
}

TEST(Hj212Codec, ChineseMakesNoTrouble) {
  const auto batch = read(upload("a34002-Rtd=96.0;Note-Info=\u5de5\u5730"));
  ASSERT_TRUE(batch) << batch.error().detail;
  EXPECT_EQ(batch->size(), 1U);
  const auto number = read(upload("a34002-Rtd=\u4e5d\u5341\u516d"));
  ASSERT_FALSE(number);
  EXPECT_EQ(number.error().code, "value");
  EXPECT_NE(number.error().detail.find("\u4e5d\u5341\u516d"), std::string::npos);
}

TEST(Hj212Codec, WhatIsQuotedIsOneCleanLine) {
  EXPECT_EQ(quoted("\u5de5\u5730"), "'\u5de5\u5730'");
  EXPECT_EQ(quoted("\u5de5\u5730", 5), "'\u5de5'");  // never half a character
  EXPECT_EQ(quoted("a\r\nb\x1b[1m"), "'a\\x0D\\x0Ab\\x1B[1m'");
  EXPECT_EQ(quoted("\xb9\xa4"), "'\\xB9\\xA4'");           // GBK
  EXPECT_EQ(quoted("\xed\xa0\x80"), "'\\xED\\xA0\\x80'");  // a surrogate
  EXPECT_EQ(quoted(std::string_view("\xe5\xb7", 2)), "'\\xE5\\xB7'");
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
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=;MN=" + std::string(33, '1') + ";Flag=5;"),
            "mn");
  EXPECT_EQ(with("QN=20260315080000123;ST=39;CN=2011;PW=;MN=JLYP-01.2_3;Flag=5;"), "");
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
  EXPECT_EQ(reason(upload("LA-Rtd=1", "2012")), "unknown_cn");
  EXPECT_EQ(reason(upload("LA-Rtd=1;;LA-Rtd=1")), "format");
  EXPECT_EQ(reason("X=1;" + head + "Flag=5;CP=&&" + dated + "LA-Rtd=1&&"), "format");
  EXPECT_EQ(reason(head + "Flag=5;Flag=5;CP=&&" + dated + "LA-Rtd=1&&"), "format");
}

}  // namespace
}  // namespace jieding::drivers::hj212
