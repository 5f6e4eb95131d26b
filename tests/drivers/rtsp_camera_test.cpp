#include <gmock/gmock.h>

#include "drivers/decoder.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Programs that are no FFmpeg, but are started as one. The real one:
/// tests/scenario/rtsp_camera.py.
class DecoderTest : public testing::Test {
 protected:
  std::filesystem::path program(const std::string& lines) {
    const auto file = scratch.write("decoder", "#!/bin/sh\n" + lines + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
  }
  Result<Decoder::Output> run(const std::filesystem::path& file, const std::string& script = "") {
    Decoder decoder(io.get_executor(), file, {300ms, 100'000});
    std::optional<Result<Decoder::Output>> done;
    asio::co_spawn(io, decoder.run(script),
                   [&](std::exception_ptr broken, Result<Decoder::Output> output) {
                     EXPECT_FALSE(broken);
                     done = std::move(output);
                   });
    io.restart();
    io.run_for(20s);
    EXPECT_TRUE(done) << "it never ends";
    return done.value_or(Result<Decoder::Output>(Error(Fault::Internal, "it never ends")));
  }

  Scratch scratch{"jieding-decoder"};
  asio::io_context io;
};

TEST_F(DecoderTest, ScriptGoesInByStandardInputAndNoOtherWay) {
  const auto output = run(program("tr '\\0' ' ' </proc/$$/cmdline >&2\ncat"), "the secret script");
  ASSERT_TRUE(output) << output.error().text();
  EXPECT_EQ(output->picture, "the secret script");
  EXPECT_THAT(output->complaint, HasSubstr("-f concat"));
  EXPECT_THAT(output->complaint, Not(HasSubstr("secret")));
}

TEST_F(DecoderTest, ProgramThatHangsIsKilledInTime) {
  for (const char* lines : {"exec sleep 60", "exec 1>&-\nexec sleep 60"}) {
    const auto output = run(program(lines));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind(), Fault::Unavailable);
    EXPECT_THAT(output.error().text(), HasSubstr("in time"));
  }
}

TEST_F(DecoderTest, ProgramThatPoursIsCutOff) {
  const auto output = run(program("exec cat /dev/zero"));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind(), Fault::TooMuch);
  const auto talker = run(program("exec yes >&2"));
  EXPECT_TRUE(!talker || talker->complaint.size() < 100'000);
}

TEST_F(DecoderTest, ProgramThatDiesLeavesItsComplaint) {
  const auto output = run(program("echo 401 Unauthorized >&2\nexit 1"), "script");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->picture, "");
  EXPECT_EQ(output->complaint, "401 Unauthorized\n");
}

TEST_F(DecoderTest, MissingProgramSaysWhatToInstall) {
  const auto output = run("/no/such/ffmpeg");
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().text(), HasSubstr("Debian: ffmpeg"));
}

TEST(RtspFile, WrongAddressesAreTold) {
  const auto complaint = [](const std::string& url) {
    const Scratch scratch("jieding-rtsp-file");
    const auto file = scratch.write("site.toml",
                                    "[site]\nid = \"hz-demo\"\n[[camera]]\nid = \"gate\"\n"
                                    "driver = \"rtsp\"\nurl = \"" +
                                        url + "\"\nimage_size = [2560, 1440]\n");
    config::Complaints complaints;
    const auto config = config::load(file, schemas(), {}, complaints);
    return config ? std::string() : config.error().text();
  };
  EXPECT_EQ(complaint("rtsp://10.0.0.5:554/Streaming/Channels/101?transportmode=unicast"), "");
  EXPECT_THAT(complaint("rtsp://u:p@10.0.0.5/"), HasSubstr("password_file"));
  for (const char* wrong :
       {"http://10.0.0.5/", "rtsp://", "10.0.0.5", "rtsp://10.0.0.5/'\\noption x y",
        "rtsp://10.0.0.5/a b", "rtsps://h/"}) {
    EXPECT_THAT(complaint(wrong), HasSubstr(":6: ")) << wrong;
  }
}

}  // namespace
}  // namespace jieding::drivers::test
