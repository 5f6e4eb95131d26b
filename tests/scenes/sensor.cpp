#include "tests/scenes/sensor.hpp"

#include <turbojpeg.h>

#include <array>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "tests/scenes/dice.hpp"

namespace jieding::scenes {
namespace {

/// Normally distributed numbers, enough of them that the eye finds no repetition.
const std::vector<float>& grain() {
  static const std::vector<float> numbers = [] {
    std::vector<float> filled(1U << 18U);
    Dice dice(99, "grain");
    for (float& number : filled)
      number = static_cast<float>(dice.normal());
    return filled;
  }();
  return numbers;
}

using Tone = std::array<float, 4096>;

/// Light to 8 bits: a soft shoulder, then the gamma of displays.
Tone tone_of(double contrast) {
  Tone curve{};
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const double light = 4.0 * static_cast<double>(i) / 4095;
    const double soft = std::min(1.0, 1.03 * (1 - std::exp(-1.25 * light)));
    const double shown = std::pow(soft, 1 / 2.2);
    curve[i] = static_cast<float>(255 * mix(shown, ramp(0, 1, shown), contrast));
  }
  return curve;
}

std::uint8_t byte_of(const Tone& tone, float light, float noise) {
  const float place = std::clamp(light, 0.0F, 4.0F) * (4095.0F / 4.0F);
  const float value = tone[static_cast<std::size_t>(place)] + noise;
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

/// How a fault changes the exposure.
double exposed(Fault fault, Dice& dice) {
  if (fault == Fault::Dark) return dice.between(0.0, 0.004);
  return fault == Fault::BlownOut ? dice.between(9, 25) : 1;
}

}  // namespace

std::string name_of(Fault fault) {
  static constexpr std::array<const char*, 8> names{"",        "dark",       "blown_out", "defocus",
                                                    "blocked", "dirty_lens", "torn",      "frozen"};
  return names[static_cast<std::size_t>(fault)];
}

cv::Mat developed(const cv::Mat& light_picture, const CameraPlan& camera, const Light& light,
                  Fault fault, Dice& dice) {
  const double gain = light.exposure * exposed(fault, dice);
  const std::array<float, 3> gains{static_cast<float>(gain * light.balance.z),
                                   static_cast<float>(gain * light.balance.y),
                                   static_cast<float>(gain * light.balance.x)};
  const auto spread = static_cast<float>(camera.noise * light.gain_noise);
  const std::vector<float>& numbers = grain();
  const Tone tone = tone_of(camera.contrast);
  cv::Mat picture(light_picture.size(), CV_8UC3);
  for (int y = 0; y < picture.rows; ++y) {
    const auto* from = light_picture.ptr<float>(y);
    auto* to = picture.ptr<std::uint8_t>(y);
    std::size_t at = dice.bits() % numbers.size();
    for (int x = 0; x < picture.cols * 3; ++x) {
      at = (at + 1) & (numbers.size() - 1);
      to[x] = byte_of(tone, from[x] * gains[static_cast<std::size_t>(x % 3)], spread * numbers[at]);
    }
  }
  return picture;
}

void write_clock(cv::Mat& picture, const std::string& text) {
  const double size = picture.rows / 720.0 * 0.8;
  const cv::Point at(picture.cols / 40, picture.rows / 20);
  for (const auto& [colour, width] : {std::pair{cv::Scalar(0, 0, 0), 4}, {{255, 255, 255}, 2}})
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, size, colour, width, cv::LINE_AA);
}

std::string jpeg_of(const cv::Mat& picture, int quality) {
  const tjhandle coder = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): turbojpeg's type
  const int failed =
      tjCompress2(coder, picture.data, picture.cols, static_cast<int>(picture.step[0]),
                  picture.rows, TJPF_BGR, &bytes, &size, TJSAMP_420, quality, 0);
  std::string out;
  if (failed == 0) out.assign(bytes, bytes + size);
  tjFree(bytes);
  tjDestroy(coder);
  if (out.empty()) throw std::runtime_error("cannot write a JPEG");
  return out;
}

}  // namespace jieding::scenes
