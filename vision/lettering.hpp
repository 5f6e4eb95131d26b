#pragma once

#include <opencv2/core.hpp>
#include <string_view>

namespace jieding::vision {

/// Width that a text takes, px, in letters of so many px.
double width_of(std::string_view text, double em);

/// Whether every character of it was drawn (`glyphs.hpp`), so that it can be written whole.
bool is_drawn(std::string_view text);

/// Writes UTF-8 text from `at`, the left end of its baseline; what does not fit in the picture is
/// cut off. A character that nobody drew (`glyphs.hpp`) is left out.
void write(cv::Mat& picture, std::string_view text, cv::Point at, double em,
           const cv::Scalar& colour);

/// White with a dark edge, to be read on any ground.
void write_edged(cv::Mat& picture, std::string_view text, cv::Point at, double em);

}  // namespace jieding::vision
