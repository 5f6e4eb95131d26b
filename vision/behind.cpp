#include "vision/behind.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace jieding::vision {
namespace {

constexpr double clear_of_works = 0.8;  ///< storeys; poles, rails, the lift core above the top
/// A picture sees the building where it is believed to be: its top edge is as near as this, in
/// storeys, and the storey below it has changed by this share of the width.
constexpr double same_height = 0.75, stands_out = 0.6;
constexpr double as_before = 0.15;  ///< share of the width below which a row has not changed
/// What fills the whole width is believed, whatever showed there before.
constexpr double most_behind = 0.6;
/// Lights come again, but what a crane hid one day need not count for ever. Per picture.
constexpr double kept = 0.98;

double mean_below(const std::vector<double>& shares, double top) {
  const auto end = std::min(shares.size(), static_cast<std::size_t>(top * rows_per_storey));
  const std::size_t begin = end > rows_per_storey ? end - rows_per_storey : 0;
  double sum = 0;
  for (std::size_t y = begin; y < end; ++y)
    sum += shares[y];
  return end > begin ? sum / static_cast<double>(end - begin) : 0;
}

bool is_share(double number) {
  return number >= 0 && number <= 1;
}

}  // namespace

Behind::Behind(int rows)
    : shows_(static_cast<std::size_t>(rows), 0), once_(shows_), twice_(shows_) {}

void Behind::see(const RowEvidence& rows, double height, double most) {
  const bool seen =
      std::abs(rows.top - height) < same_height && mean_below(rows.beyond, rows.top) > stands_out;
  for (std::size_t y = 0; y < shows_.size(); ++y) {
    shows_[y] *= kept;
    once_[y] *= kept;
    if (rows.changed[y] < 0) continue;
    const double clear = static_cast<double>(y) / rows_per_storey - clear_of_works;
    if (clear < rows.top) {
      if (clear > most) suspect(y, std::min(rows.beyond[y], most_behind));
    } else if (seen && rows.beyond[y] < as_before) {
      shows_[y] = std::max(shows_[y], twice_[y]);
      twice_[y] = 0;
    }
  }
}

void Behind::suspect(std::size_t row, double share) {
  twice_[row] = std::max(twice_[row], std::min(once_[row], share));
  once_[row] = std::max(once_[row], share);
}

void Behind::save(BlobWriter& out) const {
  for (const auto* shares : {&shows_, &once_, &twice_})
    out.put(*shares);
}

bool Behind::restore(BlobReader& in) {
  for (auto* shares : {&shows_, &once_, &twice_}) {
    std::vector<double> stored = in.get_numbers(shares->size());
    if (stored.size() != shares->size() || !std::all_of(stored.begin(), stored.end(), is_share))
      return false;
    *shares = std::move(stored);
  }
  return true;
}

}  // namespace jieding::vision
