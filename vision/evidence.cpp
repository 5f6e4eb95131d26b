#include "vision/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "vision/beside.hpp"
#include "vision/calm.hpp"
#include "vision/smoothed.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr double changed_width = 0.2;  ///< of the change-over, as a share of the threshold
constexpr double half_filled = 0.42;   ///< share of a row above which it speaks for a building
/// Log-odds of a row for a share of it, as fitted on rendered sites.
constexpr double change_weight = 6, contrast_weight = 3.4;

constexpr double slab_weight = 0.5;  ///< of a closed row in those below it
/// Of the log-odds: rows next to each other are no two witnesses.
constexpr double row_share = 0.5;
constexpr double most_vote = 1.5;
/// Share of the width of a row that must look as it stood to prove that pictures of the empty site
/// explain it wrongly, and how many rows it takes to judge these.
constexpr double proven = 0.6;
constexpr int fewest_judged = rows_per_storey / 2;
/// Log-odds of all rows below which their sides prove nothing by themselves.
constexpr double sides_prove = 20;
/// Share of the width that a closed band fills, and how much more or less of it weighs.
constexpr double solid_filled = 0.72, solid_weight = 6;
constexpr double block_filled = 0.5;  ///< mean share of the width that makes rows a block
/// Half a storey: below it machines and fences stand before the building.
constexpr std::size_t lowest_row = rows_per_storey / 2;

/// Share of the columns from `from` to `to` in a row that the pool cannot explain; -1 unknown.
double changed_share(const Change& change, int y, int from, int to, double at) {
  const auto* distance = change.distance.ptr<float>(y);
  const auto* known = change.known.ptr<uchar>(y);
  double sum = 0;
  int count = 0;
  for (int x = from; x < to; ++x) {
    if (known[x] == 0) continue;
    sum += 1.0 / (1.0 + std::exp((at - static_cast<double>(distance[x])) / (changed_width * at)));
    ++count;
  }
  return 2 * count < to - from ? -1.0 : sum / count;
}

std::vector<double> changed_rows(const Change& change, int from, int to,
                                 const std::vector<double>& at) {
  std::vector<double> out;
  out.reserve(at.size());
  for (int y = 0; y < change.distance.rows; ++y)
    out.push_back(changed_share(change, y, from, to, at[static_cast<std::size_t>(y)]));
  return out;
}

/// What lies beside the building in the same rows changes with light and weather as what lies
/// behind it does. Smoothed over a storey.
std::vector<double> restless_rows(const Change& change, const std::vector<double>& at) {
  const std::vector<double> left = changed_rows(change, 0, side_columns - near_columns, at);
  const std::vector<double> right =
      changed_rows(change, side_columns + facade_columns + near_columns, strip_columns, at);
  std::vector<double> out = smoothed(quieter(left, right), rows_per_storey / 3);
  for (double& share : out)
    share = std::max(0.0, share);
  return out;
}

/// Formwork is timber: warmer than the concrete of the storey below it, in the same light.
/// Compared inside one picture, so that lamps and low sun do not count.
std::vector<double> timber_rows(const cv::Mat& strip) {
  std::vector<double> warm;
  for (int y = 0; y < strip.rows; ++y) {
    double sum = 0;
    for (int x = side_columns + margin_columns; x < side_columns + facade_columns - margin_columns;
         ++x) {
      const auto& p = strip.at<cv::Vec3b>(y, x);
      sum += (p[2] - p[0]) / (p[0] + p[1] + p[2] + 30.0);
    }
    warm.push_back(sum / (facade_columns - 2 * margin_columns));
  }
  const auto mean = [&](int from, int to) {
    double sum = 0;
    for (int y = from; y < to; ++y)
      sum += warm[static_cast<std::size_t>(y)];
    return sum / (to - from);
  };
  std::vector<double> out(warm.size(), 0);
  for (int top = 2 * rows_per_storey; top < strip.rows; ++top) {
    const double upper = mean(top - rows_per_storey + 2, top - 1);
    const double lower = mean(top - 2 * rows_per_storey + 2, top - rows_per_storey - 1);
    out[static_cast<std::size_t>(top)] = (upper - lower - 0.02) / 0.01;
  }
  return out;
}

/// Columns and rebar let the background through, a parapet or a net does not.
std::vector<double> solid_rows(const std::vector<double>& filled, double trust) {
  constexpr int reach = rows_per_storey / 3;
  std::vector<double> out(filled.size(), 0);
  for (std::size_t y = reach + 1; y < filled.size(); ++y) {
    double sum = 0;
    for (std::size_t i = y - reach - 1; i < y - 1; ++i)
      sum += filled[i];
    out[y] = trust * solid_weight * (sum / reach - solid_filled);
  }
  return out;
}

/// Upper end of the highest closed block of rows that reaches no higher than `most` storeys.
double block_top(const std::vector<double>& changed, double most) {
  constexpr int reach = rows_per_storey * 2 / 3;
  const int last = std::min(static_cast<int>(changed.size()),
                            static_cast<int>(std::lround(most * rows_per_storey)));
  for (int end = last; end >= reach; --end)
    if (std::accumulate(changed.begin() + end - reach, changed.begin() + end, 0.0) >=
        block_filled * reach)
      return static_cast<double>(end) / rows_per_storey;
  return 0;
}

/// Share that has changed where so much of it changes anyway.
double beyond(double changed, double anyway) {
  return anyway < 1 ? std::max(0.0, changed - anyway) / (1 - anyway) : 0;
}

/// What is known of a row, each 0..1 or log-odds.
struct Row {
  double calm = 0;      ///< how much the pool's word is worth here
  double changed = 0;   ///< share that has changed beyond what changes beside
  double contrast = 0;  ///< share unlike both sides, beyond half filled; 0 unknown
  double outline = 0;
};

double by_change(const Row& row) {
  return change_weight * (row.changed - half_filled) + row.contrast;
}

double by_standing(const Row& row) {
  return contrast_weight * row.contrast + row.outline;
}

/// Of the rows that earlier pictures prove to be built, the share that the sides prove as well:
/// next to a twin in the same net they tell nothing. 1 where nothing is proven.
double told_by_sides(const std::vector<Row>& rows) {
  constexpr double surely_changed = 0.75, surely_calm = 0.5;
  constexpr int fewest_rows = rows_per_storey / 2;
  int changed = 0, standing = 0;
  for (const Row& row : rows) {
    if (row.calm < surely_calm || row.changed < surely_changed) continue;
    ++changed;
    standing += by_standing(row) > 0;
  }
  return changed < fewest_rows ? 1 : static_cast<double>(standing) / changed;
}

double as_vote(double odds) {
  return std::clamp(row_share * odds, -most_vote, most_vote);
}

/// Log-odds that the building reaches this row, as a share: rows next to each other say the same.
/// `sides` is how much it means that nothing stands out from them.
double vote(const Row& row, double sides) {
  const double standing = by_standing(row);
  const double odds =
      row.calm * by_change(row) + (1 - row.calm) * (standing < 0 ? sides * standing : standing);
  return as_vote(odds);
}

/// How much the pool's word is worth where it denies what stood before. A picture of another season
/// or weather, many grey levels off beside the building, takes a tower for such a difference, too.
double worth_of_denial(double misfit) {
  constexpr double trusted = 12, not_at_all = 16;
  return std::clamp((not_at_all - misfit) / (not_at_all - trusted), 0.0, 1.0);
}

/// Takes the doubt about the pool's denials into the rows of the storeys that surely stood: the
/// share of those rows that it doubted, 0..1.
double doubt_denials(std::vector<Row>& rows, const std::vector<double>& misfit, int stood) {
  if (stood <= 0) return 0;
  const auto end = std::min(rows.size(), static_cast<std::size_t>(stood * rows_per_storey));
  double doubted = 0;
  for (std::size_t y = 0; y < end; ++y) {
    if (by_change(rows[y]) >= 0) continue;
    const double worth = worth_of_denial(misfit[y]);
    rows[y].calm *= worth;
    doubted += 1 - worth;
  }
  return doubted / (stood * rows_per_storey);
}

/// What looks as when it stood is built, though pictures of the empty site explain it, too: then
/// these are not believed where they deny the rows above it, either. `stood`: storeys.
void believe_what_stood(std::vector<Row>& rows, const std::vector<double>& as_it_stood, int stood) {
  const std::size_t end = static_cast<std::size_t>(stood) * rows_per_storey;
  int right = 0, wrong = 0;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    Row& row = rows[y];
    if (by_change(row) < 0)
      wrong += as_it_stood[y] > proven;
    else
      right += y < end;
    if (as_it_stood[y] <= row.changed) continue;
    row.changed = as_it_stood[y];
    row.calm = std::max(row.calm, as_it_stood[y]);
  }
  if (right + wrong < fewest_judged) return;
  for (Row& row : rows)
    if (by_change(row) < 0) row.calm *= static_cast<double>(right) / (right + wrong);
}

/// How open the storeys are that end one below this row, 0..1: what is closed is no open frame.
double opened_below(const std::vector<double>& filled, std::size_t y) {
  constexpr double open = 0.65, closed = 0.85;  // mean share of the width
  constexpr int reach = 2 * rows_per_storey;
  if (y < reach + rows_per_storey) return 1;
  const auto end = filled.begin() + static_cast<std::ptrdiff_t>(y - rows_per_storey);
  const double mean = std::accumulate(end - reach, end, 0.0) / reach;
  return std::clamp((closed - mean) / (closed - open), 0.0, 1.0);
}

/// An open frame lets the background through between its slabs: a row also counts for what closes
/// within a storey above it. The rail of a net stands no higher than half a storey: what closes
/// farther above a closed storey is a crane's jib.
double with_slab_above(const std::vector<double>& changed, const std::vector<double>& filled,
                       std::size_t y) {
  constexpr std::size_t rail = rows_per_storey / 2;
  const double open = opened_below(filled, y);
  double slab = 0;
  for (std::size_t i = y; i + 1 < std::min(changed.size(), y + rows_per_storey); ++i) {
    const double closes = (changed[i] + changed[i + 1]) / 2 - changed[y];
    slab = std::max(slab, (i < y + rail ? 1 : open) * closes);
  }
  return changed[y] + slab_weight * slab;
}

/// Mean of the rows from half a storey up to `top`, or of the three storeys above the ground alone
/// where that is less: what stands there stands on the ground, other than a house behind. Unknown
/// rows (below 0) are left out.
double fill_of(const std::vector<double>& shares, std::size_t top) {
  constexpr auto low = std::size_t{3} * rows_per_storey;
  double all = 0, near_ground = 0;
  std::size_t known = 0, known_near = 0;
  for (std::size_t y = lowest_row; y < top; ++y) {
    if (shares[y] < 0) continue;
    all += shares[y];
    ++known;
    if (y >= low) continue;
    near_ground += shares[y];
    ++known_near;
  }
  if (known == 0) return 0;
  const double fill = all / static_cast<double>(known);
  return known_near < rows_per_storey
             ? fill
             : std::min(fill, near_ground / static_cast<double>(known_near));
}

/// Mean of what `of` says of the rows from half a storey up to `top`.
template <class Of>
double mean_below(std::size_t top, Of of) {
  if (top <= lowest_row) return 0;
  double sum = 0;
  for (std::size_t y = lowest_row; y < top; ++y)
    sum += of(y);
  return sum / static_cast<double>(top - lowest_row);
}

bool ends_at_sides(const Standing& standing, std::size_t y) {
  return standing.contrast[y] >= 0 && standing.outline[y] > 0;
}

/// Top edge of a body that the sides alone prove, storeys; 0 none.
double built_by_sides(const std::vector<Row>& rows, const Standing& standing) {
  double sum = 0, most = 0;
  std::size_t top = 0;
  for (std::size_t y = 0; y < rows.size(); ++y) {
    if (standing.contrast[y] < 0) continue;
    sum += as_vote(by_standing(rows[y]));
    if (sum <= most) continue;
    most = sum;
    top = y + 1;
  }
  const BodyOfRows body{static_cast<double>(top) / rows_per_storey, most,
                        mean_below(top, [&](std::size_t y) { return ends_at_sides(standing, y); }),
                        mean_below(top, [&](std::size_t y) { return standing.outline[y]; })};
  return most > sides_prove && is_surely_built(body) ? body.top : 0;
}

}  // namespace

bool shows_works_low(const RowEvidence& rows) {
  constexpr double least = 0.3;  // storeys
  return rows.low_block > least || (rows.top > least && rows.top < lowest_body);
}

RowEvidence read_rows(const Change& change, int stood) {
  RowEvidence out;
  const std::vector<double> at = changed_from(change);
  out.changed = changed_rows(change, side_columns + margin_columns,
                             side_columns + facade_columns - margin_columns, at);
  out.restless = restless_rows(change, at);
  out.timber = timber_rows(change.seen);
  const Standing standing = read_standing(change.seen, change.shown);
  std::vector<double> calm, filled, surely;
  double known = 0, restless = 0;
  for (std::size_t y = 0; y < out.changed.size(); ++y) {
    calm.push_back(out.changed[y] < 0 ? 0 : 1 - out.restless[y]);
    out.beyond.push_back(calm[y] > 0 ? beyond(out.changed[y], out.restless[y]) : 0);
    surely.push_back(calm[y] * out.beyond[y]);
    filled.push_back(calm[y] * out.beyond[y] + (1 - calm[y]) * std::max(0.0, standing.contrast[y]));
    known += out.changed[y] >= 0;
    restless += out.changed[y] >= 0 ? out.restless[y] : 0;
  }
  std::vector<Row> of;
  for (std::size_t y = 0; y < out.changed.size(); ++y) {
    const double contrast = standing.contrast[y];
    of.push_back({calm[y], with_slab_above(out.beyond, filled, y),
                  contrast < 0 ? 0 : contrast - half_filled, standing.outline[y]});
  }
  believe_what_stood(of, change.as_it_stood, stood);
  const double doubted = doubt_denials(of, change.misfit, stood);
  const double sides = told_by_sides(of);
  double sum = 0;
  for (std::size_t y = 0; y < of.size(); ++y) {
    out.top_score.push_back(sum);
    if (standing.contrast[y] < 0 && calm[y] == 0) continue;
    sum += vote(of[y], sides);
  }
  const auto top = static_cast<std::size_t>(
      std::max_element(out.top_score.begin(), out.top_score.end()) - out.top_score.begin());
  out.top = static_cast<double>(top) / rows_per_storey;
  out.filled = fill_of(filled, top);
  out.unlike = fill_of(standing.contrast, top);
  out.outlined = mean_below(top, [&](std::size_t y) { return ends_at_sides(standing, y); });
  out.outline = mean_below(top, [&](std::size_t y) { return standing.outline[y]; });
  out.built_by_sides = built_by_sides(of, standing);
  out.low_block = known > 0 ? block_top(surely, first_storeys) : 0;
  // One or two pictures know one or two kinds of light.
  const double lights =
      std::min(1.0, change.witnesses / static_cast<double>(Change::enough_witnesses));
  out.trust = known > 0 ? lights * (1 - restless / known) : 0.5;
  out.trust *= 1 - doubted;
  out.solid = solid_rows(filled, out.trust);
  return out;
}

}  // namespace jieding::vision
