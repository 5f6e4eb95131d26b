#include "tests/bench/ingest_pictures.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <vector>

namespace jieding::bench {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr int width = 1280;
constexpr int height = 720;
constexpr int quality = 88;

struct Release {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Release>;

Bytes read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::size_t at(int x, int y, int row) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(row) +
          static_cast<std::size_t>(x)) *
         3;
}

/// Each pixel from the nearest one of the original. False: not decodable.
bool enlarge(const Bytes& jpeg, Bytes& large) {
  const Handle handle(tjInitDecompress());
  int from_width = 0;
  int from_height = 0;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(handle.get(), jpeg.data(), jpeg.size(), &from_width, &from_height,
                          &subsampling, &colours) != 0) {
    return false;
  }
  Bytes pixels(at(0, from_height, from_width));
  if (tjDecompress2(handle.get(), jpeg.data(), jpeg.size(), pixels.data(), from_width, 0,
                    from_height, TJPF_RGB, 0) != 0) {
    return false;
  }
  large.resize(at(0, height, width));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::size_t from = at(x * from_width / width, y * from_height / height, from_width);
      std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(from), 3,
                  large.begin() + static_cast<std::ptrdiff_t>(at(x, y, width)));
    }
  }
  return true;
}

void write_jpeg(const fs::path& path, const Bytes& pixels) {
  const Handle handle(tjInitCompress());
  std::uint8_t* jpeg = nullptr;
  unsigned long size = 0;
  if (tjCompress2(handle.get(), pixels.data(), width, 0, height, TJPF_RGB, &jpeg, &size, TJSAMP_420,
                  quality, 0) != 0) {
    throw std::runtime_error("cannot encode " + path.string());
  }
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(jpeg), static_cast<std::streamsize>(size));
  tjFree(jpeg);
}

}  // namespace

std::string make_720p_frames(const fs::path& from, const fs::path& to, std::size_t most) {
  std::vector<fs::path> frames;
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.path().extension() == ".jpg") frames.push_back(entry.path());
  }
  std::sort(frames.begin(), frames.end());
  fs::create_directories(to);
  std::string last;
  Bytes large;
  for (const fs::path& frame : frames) {
    if (most-- == 0) break;
    if (!enlarge(read_file(frame), large)) continue;
    last = frame.filename();
    write_jpeg(to / last, large);
  }
  return last;
}

}  // namespace jieding::bench
