#include "vision/witnesses.hpp"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace jieding::vision {
namespace {

/// Of strip rows and columns that make a cell: a storey's rise changes four rows of them.
constexpr int cell_rows = rows_per_storey / 4, cell_columns = 8;
constexpr std::size_t remembered = 3;
/// Cells that may change more: a third of what a rise by a storey changes.
constexpr std::ptrdiff_t left_out = rows_per_storey / cell_rows * facade_columns / cell_columns / 3;
/// Grey levels by which a cell changes: up to which it is the sensor's noise, from which on another
/// state, light or weather. Of 400 rendered pictures half a day and more apart 3 changed less.
constexpr double noise = 3, distinct = 5;

cv::Mat coarse(const cv::Mat& strip, cv::Size cells) {
  cv::Mat grey, out;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, out, cells, 0, 0, cv::INTER_AREA);
  return out;
}

double unlikeness(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat apart;
  cv::absdiff(a, b, apart);
  std::vector<uchar> cells(apart.begin<uchar>(), apart.end<uchar>());
  const auto at = cells.end() - std::min(left_out, std::ssize(cells) - 1) - 1;
  std::nth_element(cells.begin(), at, cells.end());
  return *at;
}

}  // namespace

Witnesses::Witnesses(const Facade& facade)
    : cells_(strip_columns / cell_columns, facade.rows() / cell_rows) {}

double Witnesses::take(const cv::Mat& strip) {
  const cv::Mat cells = coarse(strip, cells_);
  double least = distinct;
  for (const cv::Mat& one : seen_)
    least = std::min(least, unlikeness(one, cells));
  const double share = std::clamp((least - noise) / (distinct - noise), 0.0, 1.0);
  // What is nearly a repetition is not remembered: a slow drift adds up to something new.
  if (share < 0.5) return share;
  seen_.push_back(cells);
  if (seen_.size() > remembered) seen_.pop_front();
  return share;
}

void Witnesses::save(BlobWriter& out) const {
  out.put(static_cast<std::uint32_t>(seen_.size()));
  for (const cv::Mat& one : seen_)
    out.put(std::string_view(reinterpret_cast<const char*>(one.data), one.total()));
}

bool Witnesses::restore(BlobReader& in) {
  const auto count = in.get<std::uint32_t>();
  if (!in.ok() || count > remembered) return false;
  seen_.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string cells = in.get_text(static_cast<std::size_t>(cells_.area()));
    if (cells.size() != static_cast<std::size_t>(cells_.area())) return false;
    cv::Mat one(cells_, CV_8U);
    std::copy(cells.begin(), cells.end(), one.begin<uchar>());
    seen_.push_back(one);
  }
  return true;
}

}  // namespace jieding::vision
