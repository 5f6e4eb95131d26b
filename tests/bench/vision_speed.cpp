// How long estimating takes beside decoding alone, in the same run, on one core:
//   vision_speed [--frames N]
// Pictures are those of the built-in series, brought to 1920 x 1080 and encoded again. Estimating
// is quality gate, registration, facade strips, evidence, filter and what has to be kept for the
// next frame; decoding, masking for people and encoding for people are apart.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <opencv2/imgproc.hpp>
#ifdef JIEDING_IMGCODECS
#include <opencv2/imgcodecs.hpp>
#endif

#include "tests/vision/site.hpp"
#include "vision/camera_watch.hpp"
#include "vision/decode.hpp"

namespace {

using namespace jieding;
using namespace jieding::vision;

constexpr int width_px = 1920, height_px = 1080;
constexpr int camera_quality = 90;
/// The first pictures fill the pool; they are cheaper than what comes later.
constexpr std::size_t warm_up = 16;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Work>
double ms_of(Work work) {
  const double before = cpu_ms();
  work();
  return cpu_ms() - before;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

CameraSetup scaled(CameraSetup setup, int width, int height) {
  const double x = static_cast<double>(width) / setup.width_px;
  const double y = static_cast<double>(height) / setup.height_px;
  for (FacadeSetup& facade : setup.facades)
    for (Point& corner : facade.corners)
      corner = {corner.x * x, corner.y * y};
  setup.width_px = width;
  setup.height_px = height;
  return setup;
}

std::vector<Frame> frames_at(const std::filesystem::path& site, cv::Size size) {
  std::vector<Frame> out;
  for (const auto& file : pictures_of(site, 0, 1000)) {
    Frame frame = frame_of(file);
    const auto picture = decode_jpeg(frame.bytes);
    if (!picture) continue;
    cv::Mat large;
    cv::resize(*picture, large, size, 0, 0, cv::INTER_CUBIC);
    frame.bytes = encode_jpeg(large, camera_quality);
    out.push_back(std::move(frame));
  }
  return out;
}

double decode_alone(const std::string& bytes) {
#ifdef JIEDING_IMGCODECS
  const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  return ms_of([&] { cv::imdecode(raw, cv::IMREAD_COLOR); });
#else
  return ms_of([&] { decode_jpeg(bytes).value(); });
#endif
}

void speed(const std::filesystem::path& site, std::size_t count) {
  const auto frames = frames_at(site, {width_px, height_px});
  CameraSetup setup = scaled(read_site(site), width_px, height_px);
  setup.outside_hidden = false;  // hiding is measured apart
  CameraWatch watch(setup);
  std::vector<double> decoding, estimating, keeping;
  for (std::size_t i = 0; i < count + warm_up; ++i) {
    const Frame& frame = frames[i % frames.size()];
    const cv::Mat picture = decode_jpeg(frame.bytes).value();
    const double decode = decode_alone(frame.bytes);
    bool counted = false;
    const double estimate =
        ms_of([&] { counted = watch.see(picture, frame.taken).reasons.empty(); });
    const double keep = ms_of([&] {
      BlobWriter out;
      watch.save(out);
      out.seal();
    });
    if (i < warm_up || !counted) continue;
    decoding.push_back(decode);
    estimating.push_back(estimate);
    keeping.push_back(keep);
  }
#ifdef JIEDING_IMGCODECS
  const char* decoder = "cv::imdecode";
#else
  const char* decoder = "libjpeg-turbo (imgcodecs is not there)";
#endif
  const double d = median(decoding), e = median(estimating), k = median(keeping);
  std::printf("%zu counted frames of %d x %d, one building, median ms of CPU\n", decoding.size(),
              width_px, height_px);
  std::printf("  %s alone  %.1f\n  estimating  %.1f\n  state for the gateway  %.1f\n", decoder, d,
              e, k);
  std::printf("  estimating / decoding  %.2f   with the state  %.2f\n", e / d, (e + k) / d);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures the estimator's time");
  std::size_t frames = 100;
  std::string site = JIEDING_TIMELAPSE;
  app.add_option("--frames", frames, "frames to time");
  app.add_option("--site", site, "a folder with site.toml and frames");
  CLI11_PARSE(app, argc, argv);
  cv::setNumThreads(1);
  speed(site, frames);
  return 0;
}
