#include "drivers/hj212_reply.hpp"

#include <gtest/gtest.h>

#include "drivers/hj212_frame.hpp"

namespace jieding::drivers::hj212 {
namespace {

const std::string body = "PW=123456;MN=010000A8900016F000169DC0;";

Head asking(unsigned flag) {
  Head head;
  head.qn = "20160801085857223";
  head.st = "39";
  head.cn = "2051";
  head.pw = "123456";
  head.mn = "010000A8900016F000169DC0";
  head.flag = flag;
  head.edition = *edition_of(flag);
  return head;
}

TEST(Hj212Reply, AnswersAreTheStandardsOwn) {
  EXPECT_EQ(data_answer(asking(5), ReplyStyle::Standard),
            "##0087QN=20160801085857223;ST=91;CN=9014;" + body + "Flag=4;CP=&&&&3240\r\n");
  EXPECT_EQ(notice_answer(asking(5)),
            "##0087QN=20160801085857223;ST=91;CN=9013;" + body + "Flag=4;CP=&&&&2A80\r\n");
}

TEST(Hj212Reply, AnswersSpeakTheStationsEdition) {
  const auto of = [](unsigned flag, ReplyStyle style = ReplyStyle::Standard) {
    const std::string frame = data_answer(asking(flag), style);
    return frame.substr(6, frame.size() - 12);
  };
  const std::string begin = "QN=20160801085857223;ST=91;CN=9014;" + body;
  EXPECT_EQ(of(9), begin + "Flag=8;CP=&&&&");
  EXPECT_EQ(of(1), begin + "Flag=0;CP=&&QN=20160801085857223;CN=2051&&");
  EXPECT_EQ(of(5, ReplyStyle::QnRtn), begin + "Flag=4;CP=&&QnRtn=1&&");
  EXPECT_EQ(of(5, ReplyStyle::QnRtnExeRtn), begin + "Flag=4;CP=&&QnRtn=1;ExeRtn=1&&");
  EXPECT_EQ(of(5, ReplyStyle::Of2005), begin + "Flag=4;CP=&&QN=20160801085857223;CN=2051&&");
}

TEST(Hj212Reply, AnswerToAFrameWithoutQnHasNone) {
  Head head = asking(1);
  head.qn.clear();
  const std::string frame = data_answer(head, ReplyStyle::Standard);
  EXPECT_NE(frame.find("##0073ST=91;CN=9014;"), std::string::npos) << frame;
  EXPECT_NE(frame.find("CP=&&CN=2051&&"), std::string::npos) << frame;
}

TEST(Hj212Reply, ClockIsSetInLocalTime) {
  const Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} +
                       std::chrono::hours{4} + std::chrono::milliseconds{7};
  const std::string frame = set_clock(asking(9), "w01018", noon);
  EXPECT_EQ(frame.substr(6, frame.size() - 12),
            "QN=20260315120000007;ST=39;CN=1012;" + body +
                "Flag=9;CP=&&PolId=w01018;SystemTime=20260315120000&&");
  EXPECT_EQ(set_clock(asking(5), "", noon).find("PolId"), std::string::npos);
}

TEST(Hj212Reply, CodesOfAnswersToUsAreRead) {
  EXPECT_EQ(answer_code("QnRtn=1", "QnRtn"), 1);
  EXPECT_EQ(answer_code("PolId=a;ExeRtn=100", "ExeRtn"), 100);
  EXPECT_EQ(answer_code("ExeRtn=", "ExeRtn"), std::nullopt);
  EXPECT_EQ(answer_code("ExeRtn=1x", "ExeRtn"), std::nullopt);
  EXPECT_EQ(answer_code("", "ExeRtn"), std::nullopt);
}

}  // namespace
}  // namespace jieding::drivers::hj212
