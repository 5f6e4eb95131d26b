#include "vision/level_lines.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace jieding::vision {
namespace {

constexpr double steepest = 0.35;  // dy/dx of a level line in perspective
constexpr double least_piece_px = 10, least_line_px = 25;
constexpr double widest_gap_px = 40;  // between pieces: a column or a window bay
constexpr double off_line_px = 1.5, off_slope = 0.06;
constexpr double least_width = 0.06;  // of the picture
constexpr std::size_t least_lines = 4, most_groups = 8;
constexpr double least_rows_apart = 20;
constexpr double widest_turn = 0.4;  // slope difference over half a width of height
constexpr double off_fan_px = 3;     // over the width of the group

struct Piece {
  double x0, y0, x1, y1;
};

/// Least squares through points, one after the other.
class Line {
 public:
  void add(double x, double y, double weight = 1) {
    n_ += weight, x_ += weight * x, y_ += weight * y, xx_ += weight * x * x, xy_ += weight * x * y;
  }
  double slope() const {
    const double spread = xx_ - x_ * x_ / n_;
    return spread > 1e-9 ? (xy_ - x_ * y_ / n_) / spread : 0;
  }
  double offset() const { return (y_ - slope() * x_) / n_; }

 private:
  double n_ = 0, x_ = 0, y_ = 0, xx_ = 0, xy_ = 0;
};

std::vector<Piece> level_pieces(const std::vector<cv::Vec4f>& edges) {
  std::vector<Piece> out;
  for (const cv::Vec4f& e : edges) {
    Piece p{e[0], e[1], e[2], e[3]};
    if (p.x0 > p.x1) p = {p.x1, p.y1, p.x0, p.y0};
    if (p.x1 - p.x0 >= least_piece_px && std::abs(p.y1 - p.y0) < steepest * (p.x1 - p.x0))
      out.push_back(p);
  }
  std::sort(out.begin(), out.end(), [](const Piece& a, const Piece& b) { return a.x0 < b.x0; });
  return out;
}

/// From `first` to the right, as long as pieces go on; what it takes is marked.
LevelLine follow(const std::vector<Piece>& pieces, std::size_t first, std::vector<bool>& taken) {
  const auto slope_of = [](const Piece& p) { return (p.y1 - p.y0) / (p.x1 - p.x0); };
  Line line;
  LevelLine out;
  const auto take = [&](std::size_t i) {
    const Piece& p = pieces[i];
    taken[i] = true;
    line.add(p.x0, p.y0);
    line.add(p.x1, p.y1);
    out.right = std::max(out.right, p.x1);
    out.length += p.x1 - p.x0;
  };
  out.left = pieces[first].x0;
  take(first);
  for (std::size_t i = first + 1; i < pieces.size(); ++i) {
    const Piece& p = pieces[i];
    if (taken[i] || p.x0 > out.right + widest_gap_px || p.x0 < out.right - 3) continue;
    const double x = (p.x0 + p.x1) / 2, y = (p.y0 + p.y1) / 2;
    if (std::abs(line.offset() + line.slope() * x - y) < off_line_px &&
        std::abs(slope_of(p) - line.slope()) < off_slope)
      take(i);
  }
  out.slope = line.slope();
  out.offset = line.offset();
  return out;
}

/// The lines that lie over `seed` and are not much wider.
std::vector<LevelLine> over(const LevelLine& seed, const std::vector<LevelLine>& lines) {
  const double width = seed.right - seed.left;
  std::vector<LevelLine> out;
  for (const LevelLine& line : lines) {
    const double shared = std::min(line.right, seed.right) - std::max(line.left, seed.left);
    if (shared > 0.6 * width && line.right - line.left < 1.5 * width) out.push_back(line);
  }
  return out;
}

/// The even change of slope that most length agrees with, tried on every pair of lines.
std::optional<LevelGroup> fan_of(const LevelLine& seed, const std::vector<LevelLine>& lines) {
  const double width = seed.right - seed.left, middle = (seed.left + seed.right) / 2;
  std::vector<LevelLine> best;
  double most = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      const double apart = lines[i].at(middle) - lines[j].at(middle);
      if (std::abs(apart) < least_rows_apart) continue;
      const double turn = (lines[i].slope - lines[j].slope) / apart;
      if (std::abs(turn) * width / 2 > widest_turn) continue;
      const double level = lines[i].slope - turn * lines[i].at(middle);
      std::vector<LevelLine> agree;
      double length = 0;
      for (const LevelLine& line : lines) {
        if (std::abs(line.slope - level - turn * line.at(middle)) * width > off_fan_px) continue;
        agree.push_back(line);
        length += line.length;
      }
      if (length > most) {
        most = length;
        best = std::move(agree);
      }
    }
  }
  if (best.size() < least_lines) return std::nullopt;
  Line slopes;
  for (const LevelLine& line : best)
    slopes.add(line.at(middle), line.slope, line.length);
  return LevelGroup{seed.left,      seed.right, middle,         slopes.offset(),
                    slopes.slope(), most,       std::move(best)};
}

bool alike(const LevelGroup& a, const LevelGroup& b) {
  return std::abs(a.left - b.left) + std::abs(a.right - b.right) < 0.25 * (b.right - b.left);
}

}  // namespace

std::vector<LevelLine> level_lines(const std::vector<cv::Vec4f>& edges) {
  const std::vector<Piece> pieces = level_pieces(edges);
  std::vector<bool> taken(pieces.size(), false);
  std::vector<LevelLine> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (taken[i]) continue;
    const LevelLine line = follow(pieces, i, taken);
    if (line.length >= least_line_px) out.push_back(line);
  }
  return out;
}

std::vector<LevelGroup> level_groups(const std::vector<LevelLine>& lines, int width) {
  std::vector<LevelGroup> all, out;
  for (const LevelLine& seed : lines) {
    if (seed.right - seed.left < least_width * width) continue;
    if (auto group = fan_of(seed, over(seed, lines))) all.push_back(std::move(*group));
  }
  std::sort(all.begin(), all.end(),
            [](const LevelGroup& a, const LevelGroup& b) { return a.length > b.length; });
  for (LevelGroup& group : all) {
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const LevelGroup& other) { return alike(group, other); });
    if (!known) out.push_back(std::move(group));
    if (out.size() == most_groups) break;
  }
  return out;
}

}  // namespace jieding::vision
