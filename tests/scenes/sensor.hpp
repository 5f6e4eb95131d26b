#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tests/scenes/light.hpp"

namespace jieding::scenes {

/// What makes a picture useless.
enum class Fault { None, Dark, BlownOut, Defocus, Blocked, DirtyLens, Torn, Frozen };

/// As in truth.csv; empty for none.
std::string name_of(Fault fault);

/// Rain and snow between lens and site, the glare of lamps: on the picture as light.
void add_weather(cv::Mat& picture, const Light& light, Dice& dice);

/// What the lens does: softness, lasting smudges, things that hang before it, defocus, drops and
/// mud, a cloth.
void add_lens(cv::Mat& picture, const CameraPlan& camera, std::uint64_t site, Fault fault,
              Dice& dice);

/// Exposure, tone, noise: from light to 8 bits.
cv::Mat developed(const cv::Mat& picture, const CameraPlan& camera, const Light& light, Fault fault,
                  Dice& dice);

/// The date and time that many cameras write into their pictures.
void write_clock(cv::Mat& picture, const std::string& text);

std::string jpeg_of(const cv::Mat& picture, int quality);

}  // namespace jieding::scenes
