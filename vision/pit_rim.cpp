#include "vision/pit_rim.hpp"

#include <cmath>
#include <utility>

#include "vision/smoothed.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

constexpr std::size_t rows_in_reach = static_cast<std::size_t>(pit_reach * rows_per_storey) + 1;
/// Share of frames before which it was dug a little wider, or light shows it so, by up to `near`
/// rows; and of those before which it was dug elsewhere.
constexpr double dug_wider = .2, dug_elsewhere = .1;
constexpr int near = 4;

}  // namespace

PitRim::PitRim() : rows_(rows_in_reach, 1.0 / rows_in_reach) {}

void PitRim::move(double told) {
  const std::vector<double> around = smoothed(rows_, near);
  for (std::size_t y = 0; y < rows_.size(); ++y)
    rows_[y] += told * (dug_wider * (around[y] - rows_[y]) +
                        dug_elsewhere * (1.0 / rows_in_reach - rows_[y]));
}

double PitRim::see(const std::vector<double>& density, double wild, double witness, double told) {
  move(told);
  double expected = 0, sum = 0;
  for (std::size_t y = 0; y < rows_.size(); ++y) {
    expected += rows_[y] * density[y];
    rows_[y] *= std::pow(wild / pit_reach + (1 - wild) * density[y], witness);
    sum += rows_[y];
  }
  for (double& row : rows_)
    row /= sum;
  return expected;
}

void PitRim::save(BlobWriter& out) const {
  out.put(rows_);
}

bool PitRim::restore(BlobReader& in) {
  std::vector<double> rows = in.get_numbers(rows_.size());
  if (rows.size() != rows_.size() || !is_distribution(rows)) return false;
  rows_ = std::move(rows);
  return true;
}

}  // namespace jieding::vision
