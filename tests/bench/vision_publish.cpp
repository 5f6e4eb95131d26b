// What it costs to make one picture fit for other eyes: decoding (the yardstick), finding people,
// masking, encoding; CPU time of one thread, at 720p and at 1080p.
//   vision_publish [FOLDER of .jpg = the built-in time-lapse] [frames = 12]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/people.hpp"
#include "vision/privacy_mask.hpp"

namespace {

using namespace jieding::vision;

double cpu_ms() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// CPU milliseconds of one call after another.
class Watch {
 public:
  template <class Work>
  void time(Work work) {
    const double begun = cpu_ms();
    work();
    spent_.push_back(cpu_ms() - begun);
  }
  double median() {
    std::sort(spent_.begin(), spent_.end());
    return spent_.at(spent_.size() / 2);
  }
  double worst() { return *std::max_element(spent_.begin(), spent_.end()); }

 private:
  std::vector<double> spent_;
};

CameraSetup grown(CameraSetup setup, cv::Size size) {
  const double by = static_cast<double>(size.width) / setup.width_px;
  setup.width_px = size.width;
  setup.height_px = size.height;
  for (jieding::Point& corner : setup.facades.at(0).corners)
    corner = {corner.x * by, corner.y * by};
  setup.masks = {{{0, 0}, {0.1 * size.width, 0}, {0, 0.2 * size.height}}};
  return setup;
}

void measure(const std::vector<std::filesystem::path>& files, const CameraSetup& site,
             cv::Size size, const FindPeople& find) {
  const CameraSetup setup = grown(site, size);
  const PrivacyMask mask(setup, size, 1.0);
  Watch decode, people, burn, encode, whole;
  for (const auto& file : files) {
    const auto original = decode_jpeg(read_file(file));
    if (!original) continue;
    cv::Mat picture;
    cv::resize(*original, picture, size, 0, 0, cv::INTER_CUBIC);
    const std::string jpeg = encode_jpeg(picture, 88);
    decode.time([&] { picture = decode_jpeg(jpeg).value(); });
    whole.time([&] {
      std::vector<cv::Rect> found;
      people.time([&] { found = find(picture, mask.shown()); });
      burn.time([&] { mask.burn(picture, PrivacyMask::unmoved, found); });
      // Two pictures leave: the masked one and the overlay.
      encode.time(
          [&] { (void)(encode_jpeg(picture, 82).size() + encode_jpeg(picture, 80).size()); });
    });
  }
  std::printf(
      "%4d x %4d: decode %.0f ms; people %.0f, mask %.0f, encode twice %.0f; "
      "together %.0f ms (worst %.0f), %.1f times the decoding\n",
      size.width, size.height, decode.median(), people.median(), burn.median(), encode.median(),
      whole.median(), whole.worst(), whole.median() / decode.median());
}

}  // namespace

int main(int argc, char** argv) {
  cv::setNumThreads(1);
  const std::filesystem::path site = argc > 1 ? argv[1] : JIEDING_TIMELAPSE;
  const auto frames = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 12);
  const auto all = pictures_of(site, 0, 10'000);
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < frames; ++i)
    files.push_back(all.at(i * all.size() / frames));
  const FindPeople find = opencv_people_finder();
  measure(files, read_site(site), {1280, 720}, find);
  measure(files, read_site(site), {1920, 1080}, find);
  return 0;
}
