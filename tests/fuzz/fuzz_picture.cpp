// Any bytes as a picture: refused with a reason, or decoded within the bounds, upright, and judged
// by the quality gate; and judged alike when it is written and read again.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "vision/decode.hpp"
#include "vision/exif.hpp"
#include "vision/quality_gate.hpp"

namespace {

using namespace jieding::vision;

constexpr DecodeLimits limits{1U << 16U, 1U << 18U};
const cv::Size working(160, 96);

void need(bool so) {
  if (!so) std::abort();
}

/// Nothing that a picture can show makes the gate stumble, nor poisons what it remembers.
void judge(const cv::Mat& picture) {
  cv::Mat small;
  cv::resize(picture, small, working, 0, 0, cv::INTER_AREA);
  const QualityMeasures measures = measure(small);
  for (const double number : {measures.brightness, measures.structure, measures.sharpness,
                              measures.sharpest, measures.contrast, measures.void_share})
    need(std::isfinite(number));
  QualityGate gate;
  for (int i = 0; i < 6; ++i) {
    const auto reasons = gate.refuse(measures, i % 2 == 1);
    need(i % 2 == 0 || !reasons.empty());
    gate.accept(measures);
  }
  BlobWriter out;
  gate.save(out);
  const std::string sealed = out.seal();
  BlobReader in(sealed);
  QualityGate again;
  need(again.restore(in));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const int orientation = exif_orientation(text);
  need(orientation >= 1 && orientation <= 8);
  const auto header = read_jpeg_header(text, limits);
  const auto picture = decode_jpeg(text, limits);
  if (!header) {
    need(!picture && !reason_of(header.error()).empty());
    return 0;
  }
  need(header->stored.area() <= static_cast<int>(limits.pixels));
  if (!picture) {
    need(!reason_of(picture.error()).empty());
    return 0;
  }
  need(picture->size() == header->upright() && picture->type() == CV_8UC3);
  judge(*picture);
  return 0;
}
