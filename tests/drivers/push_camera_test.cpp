#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "drivers/picture.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view gate_token = "gate-token-0123456789";
constexpr std::string_view mast_token = "mast-token-0123456789";

/// What a client sends, as the server hands it on.
struct Put {
  std::string camera = "gate";
  std::string body = picture;
  std::string_view token = gate_token;
  std::string type = "image/jpeg";
  std::string taken = {};
};

class PushCamera : public testing::Test {
 protected:
  PushCamera() {
    house.on_wall_clock = true;
    camera("gate", gate_token);
    camera("mast", mast_token);
  }
  void camera(std::string id, std::string_view token) {
    config::Camera& added = house.config.cameras.emplace_back();
    added.settings.set("token_file", scratch.write(id + ".token", token).string());
    added.id = std::move(id);
    added.driver = "push";
  }
  void open() { house.start("push"); }

  using Answer = std::optional<http::Response>;

  /// Gate, then body: as the server does. The answer comes when it comes.
  std::shared_ptr<Answer> send(const Put& put) {
    http::Request request;
    request.method = "PUT";
    request.path = "/api/v1/cameras/" + put.camera + "/frames";
    request.peer = "10.1.2.3";
    request.headers["content-type"] = put.type;
    if (!put.token.empty()) request.headers["authorization"] = "Bearer " + std::string(put.token);
    if (!put.taken.empty()) request.headers["picture-taken"] = put.taken;
    auto match = house.routes.match(request.method, request.path);
    request.path_values = std::move(match.path_values);
    const auto answer = std::make_shared<Answer>(match.route->gate(request));
    if (*answer) return answer;
    request.body = put.body;
    asio::co_spawn(house.io, match.route->handler(std::move(request)),
                   [answer](std::exception_ptr broken, http::Response response) {
                     EXPECT_FALSE(broken);
                     *answer = std::move(response);
                   });
    return answer;
  }
  http::Response put(const Put& put = {}) {
    const auto answer = send(put);
    EXPECT_TRUE(house.until([&] { return answer->has_value(); }));
    return answer->value_or(http::Response{});
  }
  static std::string retry_after(const http::Response& response) {
    for (const auto& [name, value] : response.headers)
      if (name == "Retry-After") return value;
    return "";
  }

  Scratch scratch{"jieding-push"};
  House house;
};

TEST_F(PushCamera, PictureIsAnsweredAfterItsCommit) {
  house.intake.hold();
  open();
  const auto answer = send({});
  ASSERT_TRUE(house.until([&] { return house.intake.arrived == 1; }));
  house.pump(20ms);
  EXPECT_FALSE(answer->has_value());
  house.intake.release();
  ASSERT_TRUE(house.until([&] { return answer->has_value(); }));
  EXPECT_EQ((*answer)->status, 200);
  EXPECT_EQ((*answer)->body,
            R"({"taken":"2026-03-15T04:00:00Z","usable":true,"reasons":[],"evidence":"e1"})");
  ASSERT_EQ(house.intake.frames.size(), 1U);
  EXPECT_EQ(house.intake.frames[0].camera, "gate");
  EXPECT_EQ(house.intake.frames[0].bytes, picture);
}

TEST_F(PushCamera, SamePictureAgainGetsTheSameAnswerAndIsSeenOnce) {
  open();
  const auto first = put();
  house.wall.stamp.at += 10min;
  const auto again = put();
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body) << "also its time is that of the first";
  EXPECT_EQ(house.intake.frames.size(), 1U);
  put({.camera = "mast", .token = mast_token});
  EXPECT_EQ(house.intake.frames.size(), 2U) << "another camera's picture is another picture";
}

TEST_F(PushCamera, PictureOfNoUseIsAnsweredWithItsReasons) {
  house.intake.frame_reasons = "dark,fog";
  open();
  const auto answer = put();
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("usable":false,"reasons":["dark","fog"])"));
}

TEST_F(PushCamera, PictureWasTakenWhenItsHeaderSaysElseWhenItCame) {
  open();
  put({.taken = "2026-03-15T11:30:00+08:00"});
  put({.body = picture + "2"});
  EXPECT_EQ(to_rfc3339(house.intake.frames[0].taken), "2026-03-15T03:30:00Z");
  EXPECT_EQ(house.intake.frames[1].taken, noon);
}

TEST_F(PushCamera, TimesThatCannotBeAreRefused) {
  open();
  for (const char* taken : {"yesterday", "1970-01-01T00:00:12Z", "2026-03-16T04:00:01Z"}) {
    const auto answer = put({.taken = taken});
    EXPECT_EQ(answer.status, 400) << taken;
    EXPECT_THAT(answer.body, HasSubstr("Picture-Taken"));
  }
  EXPECT_THAT(house.intake.reasons(), ElementsAre("time", "time", "time"));
  EXPECT_EQ(put({.taken = "2026-03-16T04:00:00Z"}).status, 200) << "local time for UTC";
  house.wall.stamp.quality = TimeQuality::Unsynced;
  EXPECT_EQ(put({.body = picture + "2", .taken = "2027-01-01T00:00:00Z"}).status, 200)
      << "who does not know the time cannot say what is to come";
}

TEST_F(PushCamera, WhoMayNotSendIsToldBeforeTheBody) {
  open();
  const std::vector<std::pair<Put, int>> all{
      {{.token = ""}, 401},
      {{.token = "gate-token-0123456788"}, 401},
      {{.camera = "mast"}, 403},
      {{.camera = "nowhere"}, 403},
      {{.type = "multipart/form-data; boundary=x"}, 415},
      {{.type = "image/png"}, 415},
  };
  for (const auto& [request, status] : all) {
    const auto answer = send(request);
    ASSERT_TRUE(answer->has_value()) << "the gate let it in";
    EXPECT_EQ((*answer)->status, status);
    EXPECT_EQ((*answer)->content_type, "application/problem+json");
  }
  EXPECT_THAT(house.intake.reasons(), ElementsAre("token", "foreign_camera", "foreign_camera",
                                                  "content_type", "content_type"));
  EXPECT_EQ(put({.type = "Image/JPEG; q=1"}).status, 200);
}

TEST_F(PushCamera, WhatIsNoJpegIsRefusedAndNoByteOfItKept) {
  open();
  for (const std::string& body : {std::string("<html>"), std::string(), std::string("\x89PNG")}) {
    EXPECT_EQ(put({.body = body}).status, 415);
  }
  EXPECT_THAT(house.intake.reasons(), ElementsAre("not_a_jpeg", "not_a_jpeg", "not_a_jpeg"));
  for (const Refusal& refusal : house.intake.refusals)
    EXPECT_EQ(refusal.bytes, "");
  EXPECT_EQ(house.intake.arrived, 0U);
}

TEST_F(PushCamera, OnePictureOfACameraIsInHandAtATime) {
  house.intake.hold();
  open();
  const auto first = send({});
  const auto second = send({.body = picture + "2"});
  ASSERT_TRUE(second->has_value());
  EXPECT_EQ((*second)->status, 429);
  EXPECT_EQ(retry_after(**second), "5");
  const auto other = send({.camera = "mast", .token = mast_token});
  EXPECT_FALSE(other->has_value()) << "each camera has its own hand";
  house.intake.release();
  ASSERT_TRUE(house.until([&] { return first->has_value() && other->has_value(); }));
  EXPECT_EQ(put({.body = picture + "2"}).status, 200);
}

TEST_F(PushCamera, TurnOfARequestThatBreaksOffIsGivenBack) {
  open();
  {
    http::Request request;
    request.method = "PUT";
    request.headers = {{"authorization", "Bearer " + std::string(gate_token)},
                       {"content-type", "image/jpeg"}};
    const auto match = house.routes.match("PUT", "/api/v1/cameras/gate/frames");
    request.path_values = match.path_values;
    EXPECT_FALSE(match.route->gate(request));
    EXPECT_EQ((*send({}))->status, 429);
  }
  EXPECT_EQ(put().status, 200);
}

TEST_F(PushCamera, TooManyPicturesAreToldHowLongToWait) {
  config::Settings slow;
  slow.set("pictures_per_minute", 2.0);
  house.config.drivers.push_back({"push", slow});
  open();
  EXPECT_EQ(put().status, 200);
  EXPECT_EQ(put().status, 200);
  const auto answer = put();
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(retry_after(answer), "30");
  EXPECT_EQ(put({.camera = "mast", .token = mast_token}).status, 200);
}

TEST_F(PushCamera, FaultsBehindTheDoorKeepTheirStatus) {
  open();
  for (const auto& [kind, status] : std::map<Fault, int>{{Fault::Unavailable, 503},
                                                         {Fault::Full, 507},
                                                         {Fault::Invalid, 400},
                                                         {Fault::Internal, 500}}) {
    house.intake.frame_fault = [kind = kind](const Frame&) { return Error{kind, "why"}; };
    const auto answer = put();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(retry_after(answer), status == 503 || status == 507 ? "5" : "");
    EXPECT_EQ(house.intake.healths.back().health, Health::Warning);
    EXPECT_EQ(house.intake.healths.back().reason, "why");
  }
  house.intake.frame_fault = {};
  EXPECT_EQ(put().status, 200);
}

TEST_F(PushCamera, CameraThatSendsOnePictureForHoursIsStuck) {
  open();
  for (int i = 0; i < 6; ++i) {
    put();
    house.wall.stamp.at += 10min;
  }
  EXPECT_TRUE(house.intake.healths.empty()) << "50 minutes";
  put();
  ASSERT_EQ(house.intake.healths.size(), 1U);
  EXPECT_EQ(house.intake.healths[0].health, Health::Warning);
  EXPECT_EQ(house.intake.healths[0].since, noon);
  EXPECT_THAT(house.intake.healths[0].reason, HasSubstr("7 times since 2026-03-15T04:00:00Z"));
  EXPECT_THAT(house.intake.signs_of_life, testing::SizeIs(6)) << "it lives, though";
  put({.body = picture + "2"});
  EXPECT_EQ(house.intake.healths.size(), 1U);
}

TEST_F(PushCamera, PictureThatVisionFindsFrozenCountsAsTheSame) {
  open();
  put({.body = picture + "a"});
  house.intake.frame_reasons = "frozen";
  for (const char* body : {"b", "c", "d"}) {
    house.wall.stamp.at += 30min;
    put({.body = picture + body});
  }
  ASSERT_EQ(house.intake.healths.size(), 2U);
  EXPECT_EQ(house.intake.healths[0].since, noon);
}

TEST_F(PushCamera, PictureSentAgainLateIsNotStuck) {
  open();
  put();
  house.wall.stamp.at += 3h;
  put();
  EXPECT_TRUE(house.intake.healths.empty());
}

TEST_F(PushCamera, TokensAreToldApartAtStart) {
  house.config.cameras[1].settings.set("token_file", scratch.write("same", gate_token).string());
  EXPECT_THROW(house.make("push"), std::runtime_error);
  house.config.cameras[1].settings.set("token_file", (scratch.path() / "none").string());
  EXPECT_THROW(house.make("push"), std::runtime_error);
}

}  // namespace
}  // namespace jieding::drivers::test
