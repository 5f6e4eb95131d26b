// How many HJ 212 frames one core turns into Readings: found in a stream by length and checksum,
// parsed, converted to units, checked for range. CPU time of this thread, no store behind.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <ctime>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "drivers/hj212_codec.hpp"
#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_seal.hpp"

namespace {

namespace hj212 = jieding::drivers::hj212;

/// A construction-dust station's realtime frame: nine factors, each with its flag.
std::string segment_of(int second, int flag) {
  std::array<char, 768> text{};
  std::snprintf(
      text.data(), text.size(),
      "QN=202603150800%02d123;ST=39;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=%d;"
      "CP=&&DataTime=202603150800%02d;a34001-Rtd=1%02d.0,a34001-Flag=N;a34002-Rtd=9%d.5,"
      "a34002-Flag=N;a34004-Rtd=4%d.0,a34004-Flag=N;a01001-Rtd=12.%d,a01001-Flag=N;"
      "a01002-Rtd=6%d.0,a01002-Flag=N;a01006-Rtd=101.3%02d,a01006-Flag=N;a01007-Rtd=2.%d,"
      "a01007-Flag=N;a01008-Rtd=1%02d,a01008-Flag=N;LA-Rtd=63.%d,LA-Flag=N&&",
      second, flag, second, second, second % 10, second % 10, second % 10, second % 10, second,
      second % 10, second, second % 10);
  return text.data();
}

struct OneSeal final : hj212::Sealing {
  std::size_t wire_length(std::string_view begun, std::size_t declared) const override {
    return hj212::wire_length(seal, begun, declared);
  }
  std::optional<std::string> open(std::string_view segment, std::uint16_t told) const override {
    return hj212::open(seal, segment, told);
  }
  hj212::Seal seal;
};

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Rate {
  double frames = 0;
  double readings = 0;
};

/// Takes the stream in pieces, as a socket gives it, until so many seconds of CPU have passed.
Rate measure(const std::string& stream, const hj212::Sealing* sealing, double seconds) {
  constexpr std::size_t piece = 4096;
  const hj212::Dialect dialect{{{"a34004", "ug/m3"}}, {{"a50001", "LA"}}, hj212::harmless()};
  hj212::FrameFinder finder(hj212::longest_segment, sealing);
  Rate rate;
  const double begun = cpu_seconds();
  double took = 0;
  while (took < seconds) {
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      finder.push(std::string_view(stream).substr(at, piece));
      while (const auto found = finder.next()) {
        if (!found->refused.empty()) throw std::runtime_error(found->detail);
        const auto message = hj212::parse(found->segment());
        if (!message) throw std::runtime_error(message.error().detail);
        const auto decoded = hj212::readings(*message, dialect, "dust-1", {});
        if (!decoded) throw std::runtime_error(decoded.error().detail);
        ++rate.frames;
        rate.readings += static_cast<double>(decoded->batch.size());
      }
    }
    took = cpu_seconds() - begun;
  }
  return {rate.frames / took, rate.readings / took};
}

int execute(int argc, char** argv) {
  double seconds = 3;
  CLI::App app{"HJ 212 frames to Readings on one core"};
  app.add_option("--seconds", seconds, "CPU time of each measurement");
  CLI11_PARSE(app, argc, argv);
  OneSeal sealing;
  sealing.seal.keys.push_back(*hj212::Sm4Key::parse("0000000000000000"));
  std::string plain;
  std::string sealed;
  for (int i = 0; i < 600; ++i) {
    plain += hj212::to_frame(segment_of(i % 60, 5));
    sealed += hj212::to_sealed_frame(sealing.seal, segment_of(i % 60, 9));
  }
  std::printf("%-28s %12s %12s\n", "", "frames/s", "readings/s");
  const auto report = [&](const char* name, const std::string& stream, const hj212::Sealing* keys) {
    const Rate rate = measure(stream, keys, seconds);
    std::printf("%-28s %12.0f %12.0f\n", name, rate.frames, rate.readings);
  };
  std::printf("frames of %zu bytes, nine factors with flags\n", segment_of(1, 5).size() + 12);
  report("2017, in the clear", plain, nullptr);
  report("2025, SM4, raw", sealed, &sealing);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return execute(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "hj212_decode: " << error.what() << '\n';
    return 1;
  }
}
