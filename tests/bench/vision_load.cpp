// What the vision process itself takes on a box, over its real socket: CPU time per picture and
// minute, and resident memory.
//   vision_load [--cameras N] [--frames N a camera] [--estimate-only] [--width PX --height PX]
// The pictures are those of the built-in series, over and over, each time dated a year later.
// `--estimate-only` draws nothing and looks for nobody, as `jieding replay`: for long runs.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "tests/vision/site.hpp"
#include "vision/decode.hpp"
#include "vision/link.hpp"

namespace {

using namespace jieding;
using namespace jieding::vision;

constexpr int camera_quality = 88;
constexpr std::chrono::hours series_lasts{24 * 1000};

struct Wish {
  int cameras = 1;
  std::size_t frames = 100;
  bool estimate_only = false;
  int width = 1280, height = 720;
};

CameraSetup camera_of(const CameraSetup& site, const Wish& wish, int number) {
  CameraSetup out = site;
  out.id = "camera " + std::to_string(number);
  const double x = static_cast<double>(wish.width) / site.width_px;
  const double y = static_cast<double>(wish.height) / site.height_px;
  for (FacadeSetup& facade : out.facades)
    for (Point& corner : facade.corners)
      corner = {corner.x * x, corner.y * y};
  out.width_px = wish.width;
  out.height_px = wish.height;
  out.publishes = !wish.estimate_only;
  return out;
}

std::vector<Frame> series_of(const std::filesystem::path& site, const Wish& wish) {
  std::vector<Frame> out;
  for (const auto& file : pictures_of(site, 0, 1000)) {
    Frame frame = frame_of(file);
    const auto picture = decode_jpeg(frame.bytes);
    if (!picture) continue;
    cv::Mat sized;
    cv::resize(*picture, sized, {wish.width, wish.height}, 0, 0, cv::INTER_CUBIC);
    frame.bytes = encode_jpeg(sized, camera_quality);
    out.push_back(std::move(frame));
  }
  return out;
}

/// User and system time of a process so far, seconds (proc(5), fields 14 and 15 of stat).
double cpu_seconds(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  std::getline(file, word, ')');
  for (int field = 3; field < 14; ++field)
    file >> word;
  double user = 0, system = 0;
  file >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// A size of /proc/PID/status, MiB: `VmRSS` now, `VmHWM` the most so far.
double memory_mib(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  double kib = 0;
  while (file >> word)
    if (word == name + ":") file >> kib;
  return kib / 1024;
}

boost::asio::awaitable<void> drive(std::shared_ptr<Link> link, std::vector<CameraSetup> cameras,
                                   const std::vector<Frame>& series, const Wish& wish) {
  double first_cpu = 0;
  int counted = 0, refused = 0;
  for (std::size_t i = 0; i < wish.frames; ++i) {
    for (const CameraSetup& camera : cameras) {
      Frame frame = series[i % series.size()];
      frame.camera = camera.id;
      frame.taken += series_lasts * static_cast<int>(i / series.size());
      const auto report = co_await link->see(std::move(frame));
      const bool usable = report.has_value() && report->usable;
      ++(usable ? counted : refused);
    }
    if (i == 0) first_cpu = cpu_seconds(link->pid());
    if ((i + 1) % std::max<std::size_t>(1, wish.frames / 10) == 0)
      std::printf("  %6zu frames a camera  %.1f MiB\n", i + 1, memory_mib(link->pid(), "VmRSS"));
  }
  // The first frame of each camera starts the process; that is not what a minute costs.
  const double spent = cpu_seconds(link->pid()) - first_cpu;
  const double minute = spent / static_cast<double>(wish.frames - 1);
  std::printf("  %d counted, %d refused; most memory %.1f MiB; restarts %d\n", counted, refused,
              memory_mib(link->pid(), "VmHWM"), link->restarts());
  std::printf("  one picture from each camera: %.2f s of CPU; once a minute: %.1f %% of one core\n",
              minute, minute / 60 * 100);
  link->stop();
}

void measure(const std::filesystem::path& site, const Wish& wish) {
  const std::vector<Frame> series = series_of(site, wish);
  LinkOptions options;
  options.program = JIEDING_VISION;
  for (int i = 0; i < wish.cameras; ++i)
    options.cameras.push_back(camera_of(read_site(site), wish, i + 1));
  boost::asio::io_context io;
  const auto cameras = options.cameras;
  auto done = boost::asio::co_spawn(
      io, drive(Link::create(io.get_executor(), options), cameras, series, wish),
      boost::asio::use_future);
  std::printf("%d camera(s) of %d x %d, %s\n", wish.cameras, wish.width, wish.height,
              wish.estimate_only ? "estimating only" : "the whole way of a picture");
  io.run();
  done.get();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures the CPU time and the memory of the vision process");
  Wish wish;
  std::string site = JIEDING_TIMELAPSE;
  app.add_option("--cameras", wish.cameras)->check(CLI::Range(1, 16));
  app.add_option("--frames", wish.frames, "frames a camera")->check(CLI::Range(2, 1'000'000));
  app.add_option("--width", wish.width)->check(CLI::Range(640, 3840));
  app.add_option("--height", wish.height)->check(CLI::Range(360, 2160));
  app.add_flag("--estimate-only", wish.estimate_only);
  app.add_option("--site", site, "a folder with site.toml and frames");
  CLI11_PARSE(app, argc, argv);
  measure(site, wish);
  return 0;
}
