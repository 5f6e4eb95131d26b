#include "vision/lettering.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "vision/glyphs.hpp"

namespace jieding::vision {
namespace {

/// Above and below the baseline, in parts of the letters' size: room for all that is drawn.
constexpr double ascent = 1.1, descent = 0.4;
constexpr double edge_width = 0.06;  ///< of the letters' size

std::size_t bytes_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Of each character; null for one that nobody drew.
std::vector<const Glyph*> looked_up(std::string_view text) {
  std::vector<const Glyph*> out;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, bytes_of(text.front()));
    text.remove_prefix(character.size());
    const auto known = std::ranges::lower_bound(glyphs(), character, {}, &Glyph::character);
    const bool drawn = known != glyphs().end() && known->character == character;
    out.push_back(drawn ? &*known : nullptr);
  }
  return out;
}

std::vector<const Glyph*> glyphs_of(std::string_view text) {
  std::vector<const Glyph*> out = looked_up(text);
  std::erase(out, nullptr);
  return out;
}

int advance_of(const std::vector<const Glyph*>& line) {
  int out = 0;
  for (const Glyph* glyph : line)
    out += glyph->advance;
  return out;
}

/// The text's ink, 255 full, in letters of `em` px; its baseline lies `ascent` below its upper
/// edge.
cv::Mat ink_of(std::string_view text, double em) {
  const auto line = glyphs_of(text);
  const int base = cvRound(ascent * glyph_em), margin = glyph_em / 4;
  cv::Mat drawn =
      cv::Mat::zeros(cvRound((ascent + descent) * glyph_em), advance_of(line) + 2 * margin, CV_8U);
  int x = margin;
  for (const Glyph* glyph : line) {
    if (glyph->width > 0) {
      const cv::Rect place(x + glyph->left, base - glyph->top, glyph->width, glyph->height);
      const cv::Mat one(glyph->height, glyph->width, CV_8U, const_cast<unsigned char*>(glyph->ink));
      cv::Mat there = drawn(place);
      cv::max(there, one, there);
    }
    x += glyph->advance;
  }
  cv::Mat out;
  const double scale = em / glyph_em;
  cv::resize(drawn, out, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

void colour_in(cv::Mat& picture, const cv::Mat& ink, cv::Point at, double em,
               const cv::Scalar& colour) {
  const cv::Point corner = at - cv::Point(cvRound(em / 4), cvRound(ascent * em));
  const cv::Rect place = cv::Rect(corner, ink.size()) & cv::Rect({}, picture.size());
  if (place.empty()) return;
  cv::Mat there = picture(place), share, mixed;
  cv::cvtColor(ink(place - corner), share, cv::COLOR_GRAY2BGR);
  const cv::Mat full(place.size(), picture.type(), colour);
  cv::Mat rest = cv::Scalar::all(255) - share;
  cv::multiply(full, share, share, 1 / 255.0);
  cv::multiply(there, rest, rest, 1 / 255.0);
  cv::add(share, rest, there);
}

}  // namespace

double width_of(std::string_view text, double em) {
  return advance_of(glyphs_of(text)) * em / glyph_em;
}

bool is_drawn(std::string_view text) {
  return std::ranges::count(looked_up(text), nullptr) == 0;
}

void write(cv::Mat& picture, std::string_view text, cv::Point at, double em,
           const cv::Scalar& colour) {
  colour_in(picture, ink_of(text, em), at, em, colour);
}

void write_edged(cv::Mat& picture, std::string_view text, cv::Point at, double em) {
  const cv::Mat ink = ink_of(text, em);
  const int width = std::max(1, cvRound(edge_width * em));
  cv::Mat edge;
  cv::dilate(ink, edge,
             cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * width + 1, 2 * width + 1}));
  colour_in(picture, edge, at, em, cv::Scalar::all(0));
  colour_in(picture, ink, at, em, cv::Scalar::all(255));
}

}  // namespace jieding::vision
