// Paints marker pixels into pictures and searches files for them, for the test that privacy masks
// hold. Shares no code with the gateway.
//
//   marker_pixels paint magenta|green IN.jpg OUT.jpg X Y W H [X Y W H ...]
//   marker_pixels halve IN.jpg OUT.jpg
//   marker_pixels search FOLDER

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr int quality = 92;
/// Raw pixels are only taken for markers in runs: three random bytes look like one now and then.
constexpr std::size_t shortest_raw_run = 12;

/// Rows from the top, three bytes per pixel, R G B.
struct Picture {
  int width = 0;
  int height = 0;
  Bytes rgb;

  std::uint8_t* at(int x, int y) {
    return &rgb[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(x)) *
                3];
  }
};

struct Release {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Release>;

Bytes read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

/// False where nothing can be decoded; a torn picture gives what there is of it.
bool decode(const std::uint8_t* bytes, std::size_t count, Picture& picture) {
  const Handle handle(tjInitDecompress());
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(handle.get(), bytes, count, &picture.width, &picture.height, &subsampling,
                          &colours) != 0 ||
      picture.width > 8192 || picture.height > 8192) {
    return false;
  }
  picture.rgb.assign(
      static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3, 0);
  const int done = tjDecompress2(handle.get(), bytes, count, picture.rgb.data(), picture.width, 0,
                                 picture.height, TJPF_RGB, 0);
  return done == 0 || tjGetErrorCode(handle.get()) == TJERR_WARNING;
}

void write_jpeg(const fs::path& path, const Picture& picture) {
  const Handle handle(tjInitCompress());
  std::uint8_t* jpeg = nullptr;
  unsigned long size = 0;
  if (tjCompress2(handle.get(), picture.rgb.data(), picture.width, 0, picture.height, TJPF_RGB,
                  &jpeg, &size, TJSAMP_420, quality, 0) != 0) {
    throw std::runtime_error("cannot encode " + path.string());
  }
  std::ofstream out(path, std::ios::binary);
  for (unsigned long i = 0; i < size; ++i)
    out.put(static_cast<char>(jpeg[i]));
  tjFree(jpeg);
}

Picture read_jpeg(const fs::path& path) {
  const Bytes bytes = read_file(path);
  Picture picture;
  if (!decode(bytes.data(), bytes.size(), picture)) {
    throw std::runtime_error("cannot decode " + path.string());
  }
  return picture;
}

/// Unlike anything on a building site, and left so by scaling, brightness and contrast.
bool is_marker(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return red > 140 && blue > 140 && green < 100 && red - green > 80 && blue - green > 80;
}

void paint(Picture& picture, std::array<std::uint8_t, 3> colour, std::array<int, 4> box) {
  for (int y = box[1]; y < box[1] + box[3] && y < picture.height; ++y) {
    for (int x = box[0]; x < box[0] + box[2] && x < picture.width; ++x) {
      std::copy(colour.begin(), colour.end(), picture.at(x, y));
    }
  }
}

Picture halved(Picture& picture) {
  Picture half{picture.width / 2, picture.height / 2, {}};
  half.rgb.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height) * 3);
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      std::copy_n(picture.at(2 * x, 2 * y), 3, half.at(x, y));
    }
  }
  return half;
}

std::size_t markers(const Picture& picture) {
  std::size_t found = 0;
  for (std::size_t i = 0; i + 2 < picture.rgb.size(); i += 3) {
    found += is_marker(picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2]) ? 1 : 0;
  }
  return found;
}

/// Runs of uncompressed marker pixels, whatever they are part of.
std::size_t raw_runs(const Bytes& bytes) {
  std::size_t runs = 0;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    std::size_t length = 0;
    for (std::size_t i = phase; i + 2 < bytes.size(); i += 3) {
      length = is_marker(bytes[i], bytes[i + 1], bytes[i + 2]) ? length + 1 : 0;
      runs += length == shortest_raw_run ? 1 : 0;
    }
  }
  return runs;
}

struct Count {
  std::size_t files = 0;
  std::size_t pictures = 0;
  std::size_t markers = 0;
};

/// A database cuts what it holds into pages: JPEGs found across them decode to nonsense. Its blobs
/// must be searched as files of their own.
bool is_database(const fs::path& path) {
  return path.filename().string().find(".db") != std::string::npos;
}

/// Every JPEG in a file, be the file one or only hold some.
void search_file(const fs::path& path, Count& count) {
  const Bytes bytes = read_file(path);
  ++count.files;
  std::size_t here = raw_runs(bytes);
  for (std::size_t i = 0; i + 3 < bytes.size() && !is_database(path); ++i) {
    if (bytes[i] != 0xFF || bytes[i + 1] != 0xD8 || bytes[i + 2] != 0xFF) continue;
    Picture picture;
    if (!decode(&bytes[i], bytes.size() - i, picture)) continue;
    ++count.pictures;
    here += markers(picture);
  }
  if (here > 0) std::cerr << path.string() << ": " << here << " marker pixels\n";
  count.markers += here;
}

int search(const fs::path& folder) {
  Count count;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) search_file(entry.path(), count);
  }
  std::cout << "{\"files\":" << count.files << ",\"pictures\":" << count.pictures
            << ",\"markers\":" << count.markers << "}\n";
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "search") return search(words[1]);
  if (words.size() == 3 && words[0] == "halve") {
    Picture picture = read_jpeg(words[1]);
    write_jpeg(words[2], halved(picture));
    return 0;
  }
  if (words.size() < 8 || words.size() % 4 != 0 || words[0] != "paint") {
    std::cerr << "marker_pixels: wrong use, see marker_pixels.cpp\n";
    return 2;
  }
  Picture picture = read_jpeg(words[2]);
  const std::array<std::uint8_t, 3> magenta{255, 0, 255};
  const std::array<std::uint8_t, 3> green{20, 230, 40};
  for (std::size_t i = 4; i < words.size(); i += 4) {
    paint(picture, words[1] == "magenta" ? magenta : green,
          {std::stoi(words[i]), std::stoi(words[i + 1]), std::stoi(words[i + 2]),
           std::stoi(words[i + 3])});
  }
  write_jpeg(words[3], picture);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "marker_pixels: " << error.what() << '\n';
    return 1;
  }
}
