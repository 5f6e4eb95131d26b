#include "vision/change.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/pattern.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr std::size_t best_pictures = 4;
constexpr float noise_floor = 1.5F;  ///< grey levels
constexpr float noise_ceiling = 9.0F;
/// Half a pixel of misplacement is forgiven at edges of the background.
constexpr float edge_tolerance_px = 0.5F;
constexpr float unexplained = 1e12F;  ///< squared distance before any picture was asked

/// Residual over noise up to which a pixel may show background. A row is asked for what stood there
/// where more than half of it does.
constexpr float maybe_background = 3;
/// How many pictures of the building are asked; by how much, in squared residuals over noise and
/// the logarithm of that noise, one must explain a pixel better than those of the empty site do.
constexpr int pictures_of_building = 2;
constexpr double surely_better = 2;

cv::Mat grey_of(const cv::Mat& colours) {
  cv::Mat grey, out;
  cv::cvtColor(colours, grey, colours.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
  grey.convertTo(out, CV_32F);
  return out;
}

cv::Vec3f variance_of(const ColourFit& fit) {
  cv::Vec3f out;
  for (int c = 0; c < 3; ++c) {
    const float sigma = std::clamp(fit.noise()[c], noise_floor, noise_ceiling);
    out[c] = sigma * sigma;
  }
  return out;
}

/// Logarithm of the noise that a residual is measured by: what is explained by much of it is
/// explained badly.
double log_of(const cv::Vec3f& variance) {
  return std::log(static_cast<double>(variance[0] * variance[1] * variance[2])) / 3;
}

/// The pictures that are asked for a row may show background there in most of its columns.
bool denies(const Change& change, int y) {
  const auto* distance = change.distance.ptr<float>(y) + side_columns;
  const auto* known = change.known.ptr<uchar>(y) + side_columns;
  int explained = 0, count = 0;
  for (int x = margin_columns; x < facade_columns - margin_columns; ++x) {
    count += known[x] != 0;
    explained += known[x] != 0 && distance[x] < maybe_background;
  }
  return 2 * explained > count;
}

/// Share of the facade's columns of a row that the `score` of pictures of the building explains
/// better than those of the empty site do, by a noise of that logarithm; -1 where none is shown.
double better_explained(const Change& change, double noise, const cv::Mat& score, int y) {
  double sum = 0;
  int count = 0;
  for (int x = side_columns + margin_columns; x < side_columns + facade_columns - margin_columns;
       ++x) {
    if (change.shown.at<uchar>(y, x) == 0) continue;
    const auto distance = static_cast<double>(change.distance.at<float>(y, x));
    const double better = distance * distance + noise - static_cast<double>(score.at<float>(y, x));
    sum += 1 / (1 + std::exp(surely_better - better));
    ++count;
  }
  return count > 0 ? sum / count : -1;
}

/// From the lowest to the highest row below `end` that is denied; none where no storey is, with its
/// slab: an open one shows what lies behind it.
cv::Range denied_rows(const Change& change, int end) {
  cv::Range out(end, end);
  int run = 0, longest = 0;
  for (int y = 0; y < end; ++y) {
    run = denies(change, y) ? run + 1 : 0;
    if (run == 0) continue;
    out.start = std::min(out.start, y);
    out.end = y + 1;
    longest = std::max(longest, run);
  }
  return longest < rows_per_storey ? cv::Range(end, end) : out;
}

/// What a kept picture makes one expect of rows of the strip.
struct Expected {
  int first_row;
  cv::Mat colours;     ///< CV_32FC4, as ColourFit::apply
  cv::Mat same;        ///< CV_32F: how far the pattern there is the one that is seen, 0..1
  cv::Vec3f variance;  ///< per channel, of what the picture cannot explain
};

/// Lowers the squared `distance` of a row where the kept one explains what is seen better.
void explain_row(const cv::Mat& strip, int y, const Expected& expected, const FittedStrip& kept,
                 float* distance) {
  const auto* seen = strip.ptr<cv::Vec3b>(y);
  const auto* colours = expected.colours.ptr<cv::Vec4f>(y - expected.first_row);
  const auto* same = expected.same.ptr<float>(y - expected.first_row);
  const auto* edges = kept.edges.ptr<float>(y);
  const auto* shown = kept.shown.ptr<uchar>(y);
  const cv::v_float32x4 noise(expected.variance[0], expected.variance[1], expected.variance[2], 1);
  for (int x = 0; x < strip.cols; ++x) {
    if (shown[x] == 0) continue;
    const float blur = edge_tolerance_px * edges[x], other = 1 - same[x];
    const cv::v_float32x4 d =
        cv::v_float32x4(seen[x][0], seen[x][1], seen[x][2], 0) - cv::v_load(colours[x].val);
    const float sum = cv::v_reduce_sum(d * d / (noise + cv::v_setall_f32(blur * blur)));
    distance[x] = std::min(distance[x], sum / 3.0F * other * other);
  }
}

/// One strip against those that were kept.
class Comparison {
 public:
  Comparison(const cv::Mat& seen, const cv::Mat& shown, const cv::Mat& row_of,
             const std::vector<FittedStrip>& kept)
      : kept_(kept),
        row_of_(row_of),
        pattern_(Pattern::of(grey_of(seen))),
        noise_(static_cast<std::size_t>(seen.rows), 0) {
    out_.seen = seen;
    out_.shown = shown;
    out_.witnesses = static_cast<int>(kept.size());
    out_.misfit.assign(noise_.size(), 0);
  }

  Change change() {
    ask_empty_site();
    ask_building();
    return std::move(out_);
  }

 private:
  Expected expect(const FittedStrip& kept, const cv::Range& rows) const {
    const cv::Mat colours = kept.fit.apply(kept.strip.rowRange(rows), row_of_.rowRange(rows));
    const cv::Mat same = same_pattern(pattern_, rows, Pattern::of(grey_of(colours)));
    return {rows.start, colours, same, variance_of(kept.fit)};
  }

  void ask_empty_site() {
    const int rows = out_.seen.rows;
    out_.distance = cv::Mat(out_.seen.size(), CV_32F, cv::Scalar(unexplained));
    std::vector<std::size_t> votes(noise_.size(), 0);
    for (const FittedStrip& kept : kept_) {
      const auto first = static_cast<int>(
          std::clamp(std::lround(kept.empty_above * rows_per_storey), 0L, static_cast<long>(rows)));
      int end = rows;  // rows that enough better pictures have explained need no other
      while (end > first && votes[static_cast<std::size_t>(end - 1)] >= best_pictures)
        --end;
      if (first == end) continue;
      const Expected expected = expect(kept, cv::Range(first, end));
      for (int y = first; y < end; ++y) {
        const auto row = static_cast<std::size_t>(y);
        if (votes[row] >= best_pictures) continue;
        if (votes[row]++ == 0) {
          out_.misfit[row] = kept.fit.misfit();
          noise_[row] = log_of(expected.variance);
        }
        explain_row(out_.seen, y, expected, kept, out_.distance.ptr<float>(y));
      }
    }
    out_.known = out_.shown.clone();
    out_.known.setTo(0, out_.distance >= unexplained);
    cv::sqrt(out_.distance, out_.distance);
  }

  void ask_building() {
    out_.as_it_stood.assign(noise_.size(), -1);
    int highest = 0;
    for (const FittedStrip& kept : kept_)
      highest = std::max(highest, kept.built_below);
    const cv::Range denied = denied_rows(out_, std::min(highest * rows_per_storey, out_.seen.rows));
    if (denied.empty()) return;
    cv::Mat score(out_.seen.size(), CV_32F, cv::Scalar(unexplained));
    int asked = 0, end = denied.start;
    for (const FittedStrip& kept : kept_) {
      const cv::Range rows(denied.start, std::min(denied.end, kept.built_below * rows_per_storey));
      if (rows.start >= rows.end) continue;
      if (asked++ == pictures_of_building) break;
      end = std::max(end, rows.end);
      explain_built(kept, rows, score);
    }
    for (int y = denied.start; y < end; ++y) {
      const auto row = static_cast<std::size_t>(y);
      out_.as_it_stood[row] = better_explained(out_, noise_[row], score, y);
    }
  }

  /// Lowers the `score` of pixels that this picture of the building explains better.
  void explain_built(const FittedStrip& kept, const cv::Range& rows, cv::Mat& score) const {
    const Expected expected = expect(kept, rows);
    const auto noise = static_cast<float>(log_of(expected.variance));
    for (int y = rows.start; y < rows.end; ++y) {
      std::array<float, strip_columns> distance;
      distance.fill(unexplained);
      explain_row(out_.seen, y, expected, kept, distance.data());
      auto* best = score.ptr<float>(y);
      for (std::size_t x = 0; x < distance.size(); ++x)
        best[x] = std::min(best[x], distance[x] + noise);
    }
  }

  const std::vector<FittedStrip>& kept_;
  const cv::Mat row_of_;
  const Pattern pattern_;
  Change out_;
  std::vector<double> noise_;  ///< per row: its logarithm in the first picture that was asked
};

}  // namespace

Change compare(const cv::Mat& seen, const cv::Mat& shown, const cv::Mat& row_of,
               const std::vector<FittedStrip>& kept) {
  return Comparison(seen, shown, row_of, kept).change();
}

}  // namespace jieding::vision
