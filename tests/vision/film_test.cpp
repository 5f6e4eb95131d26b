// Films are decoded by FFmpeg, which shares nothing with the encoder.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/film_encoder.hpp"
#include "vision/film_wire.hpp"
#include "vision/talk.hpp"

namespace jieding::vision {
namespace {

namespace fs = std::filesystem;

/// All that a player learns of a film.
struct Played {
  int width = 0, height = 0;
  double fps = 0, seconds = 0;
  int pixel_format = -1, profile = 0;
  std::vector<cv::Mat> luma;
};

void take_frames(AVCodecContext* decoder, std::vector<cv::Mat>& out) {
  const std::unique_ptr<AVFrame, void (*)(AVFrame*)> frame(av_frame_alloc(),
                                                           [](AVFrame* f) { av_frame_free(&f); });
  while (avcodec_receive_frame(decoder, frame.get()) == 0)
    out.push_back(cv::Mat(frame->height, frame->width, CV_8U, frame->data[0],
                          static_cast<std::size_t>(frame->linesize[0]))
                      .clone());
}

Played play(const fs::path& file) {
  Played out;
  AVFormatContext* container = nullptr;
  if (avformat_open_input(&container, file.c_str(), nullptr, nullptr) != 0) return out;
  avformat_find_stream_info(container, nullptr);
  const AVStream* stream = container->streams[0];
  const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
  AVCodecContext* decoder = avcodec_alloc_context3(codec);
  avcodec_parameters_to_context(decoder, stream->codecpar);
  avcodec_open2(decoder, codec, nullptr);
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(container, packet) == 0) {
    avcodec_send_packet(decoder, packet);
    take_frames(decoder, out.luma);
    av_packet_unref(packet);
  }
  avcodec_send_packet(decoder, nullptr);
  take_frames(decoder, out.luma);
  out.width = stream->codecpar->width;
  out.height = stream->codecpar->height;
  out.pixel_format = stream->codecpar->format;
  out.profile = stream->codecpar->profile;
  out.fps = av_q2d(stream->avg_frame_rate);
  out.seconds = static_cast<double>(container->duration) / AV_TIME_BASE;
  av_packet_free(&packet);
  avcodec_free_context(&decoder);
  avformat_close_input(&container);
  return out;
}

/// How alike the corner of a played picture is to a date, -1..1.
double shows(const cv::Mat& luma, const std::string& date) {
  const cv::Rect corner = date_corner(luma.size(), date);
  const cv::Mat black(luma.size(), CV_8UC3, cv::Scalar(0, 0, 0));
  cv::Mat wanted, found;
  cv::cvtColor(film_frame(black, luma.size(), date)(corner), wanted, cv::COLOR_BGR2GRAY);
  cv::matchTemplate(luma(corner), wanted, found, cv::TM_CCOEFF_NORMED);
  return found.at<float>(0);
}

class FilmTest : public ::testing::Test {
 protected:
  FilmTest() : file_(fs::temp_directory_path() / ("film-" + std::to_string(::getpid()) + ".mp4")) {}
  ~FilmTest() override { fs::remove(file_); }

  /// As `jieding timelapse` does it.
  wire::FilmHead make(wire::FilmOrder order, const std::vector<wire::FilmPicture>& pictures) {
    order.most_pictures = pictures.size();
    auto child = AskedChild::start(JIEDING_FILM, std::chrono::seconds(60)).value();
    const auto rolling = wire::to_rolling(child.ask(wire::to_message(order)).value()).value();
    std::ofstream out(file_, std::ios::binary);
    out.seekp(static_cast<std::streamoff>(rolling.head_room));
    for (const auto& picture : pictures) {
      samples_.push_back(
          wire::to_film_sample(child.ask(wire::to_message(picture)).value()).value());
      out << samples_.back().bytes;
    }
    auto head = wire::to_film_head(child.ask(wire::cut_message()).value()).value();
    EXPECT_TRUE(head.bytes.empty() || head.bytes.size() == rolling.head_room);
    out.seekp(0);
    out << head.bytes;
    return head;
  }

  /// Whole ones: some of the site's are torn on purpose.
  static std::vector<wire::FilmPicture> pictures(std::size_t count) {
    std::vector<wire::FilmPicture> out;
    for (const auto& file : pictures_of(JIEDING_SITE_A, 30, 2 * count)) {
      if (out.size() == count) break;
      if (!decode_jpeg(read_file(file))) continue;
      const std::string name = file.filename().string();
      out.push_back({read_file(file), name.substr(0, 4) + "-" + name.substr(4, 2) + "-" +
                                          name.substr(6, 2) + " " + name.substr(9, 2) + ":" +
                                          name.substr(11, 2)});
    }
    return out;
  }

  fs::path file_;
  std::vector<wire::FilmSample> samples_;
};

TEST_F(FilmTest, EveryPictureIsPlayedWithItsDate) {
  const auto shot = pictures(30);
  wire::FilmOrder order;
  order.fps = 10;
  make(order, shot);
  const Played film = play(file_);
  EXPECT_EQ(film.width, 960);
  EXPECT_EQ(film.height, 540);
  EXPECT_EQ(film.pixel_format, AV_PIX_FMT_YUV420P) << "the only one that phones play";
  EXPECT_EQ(film.profile, FF_PROFILE_H264_HIGH);
  EXPECT_NEAR(film.fps, 10, 1e-6);
  EXPECT_NEAR(film.seconds, 3.0, 0.01);
  ASSERT_EQ(film.luma.size(), shot.size());
  for (std::size_t i = 0; i < shot.size(); ++i) {
    EXPECT_GT(shows(film.luma[i], shot[i].date), 0.9) << shot[i].date;
    for (const auto& other : shot) {
      if (other.date == shot[i].date) continue;
      EXPECT_LT(shows(film.luma[i], other.date), shows(film.luma[i], shot[i].date)) << other.date;
    }
  }
}

TEST_F(FilmTest, PicturesLookAsTheyWere) {
  const auto shot = pictures(8);
  make({}, shot);
  const Played film = play(file_);
  ASSERT_EQ(film.luma.size(), 8U);
  for (std::size_t i = 0; i < shot.size(); ++i) {
    cv::Mat planes;
    cv::cvtColor(film_frame(*decode_jpeg(shot[i].jpeg), {960, 540}, shot[i].date), planes,
                 cv::COLOR_BGR2YUV_I420);
    EXPECT_GT(cv::PSNR(planes.rowRange(0, 540), film.luma[i]), 34) << i;
  }
}

TEST_F(FilmTest, IndexStandsBeforeThePictures) {
  make({}, pictures(3));
  const std::string bytes = read_file(file_);
  EXPECT_EQ(bytes.substr(4, 4), "ftyp");
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
  EXPECT_EQ(bytes.find("mdat") + 12, bytes.size() - samples_[0].bytes.size() -
                                         samples_[1].bytes.size() - samples_[2].bytes.size());
}

TEST_F(FilmTest, TornPictureIsLeftOut) {
  auto shot = pictures(4);
  shot[1].jpeg.resize(shot[1].jpeg.size() / 2);
  shot[0].jpeg = "no picture";
  make({}, shot);
  EXPECT_NE(samples_[0].fault, "");
  EXPECT_NE(samples_[1].fault, "");
  const Played film = play(file_);
  ASSERT_EQ(film.luma.size(), 2U);
  EXPECT_GT(shows(film.luma[1], shot[3].date), 0.9);
}

TEST_F(FilmTest, OtherSizesAreFittedInWithBars) {
  auto shot = pictures(2);
  shot[1].jpeg = encode_jpeg(cv::Mat(300, 300, CV_8UC3, cv::Scalar(200, 200, 200)), 90);
  wire::FilmOrder order;
  order.width = 640;
  order.height = 360;
  make(order, shot);
  EXPECT_FALSE(samples_[0].other_size);
  EXPECT_TRUE(samples_[1].other_size);
  const Played film = play(file_);
  ASSERT_EQ(film.luma.size(), 2U);
  EXPECT_EQ(film.luma[1].size(), cv::Size(640, 360));
  EXPECT_GT(film.luma[1].at<uchar>(180, 320), 150);
  EXPECT_LT(film.luma[1].at<uchar>(180, 40), 30);
}

TEST_F(FilmTest, OddAndLargePicturesBecomeWhatPlayersTake) {
  auto shot = pictures(1);
  shot[0].jpeg = encode_jpeg(cv::Mat(1451, 2601, CV_8UC3, cv::Scalar(90, 120, 150)), 90);
  make({}, shot);
  const Played film = play(file_);
  EXPECT_EQ(film.width % 2 + film.height % 2, 0);
  EXPECT_LE(film.width, 1920);
  EXPECT_LE(film.height, 1080);
  EXPECT_EQ(film.luma.size(), 1U);
}

TEST_F(FilmTest, NothingGivesNoFilm) {
  EXPECT_EQ(make({}, {{"", "2024-01-01 00:00"}}).bytes, "");
}

}  // namespace
}  // namespace jieding::vision
