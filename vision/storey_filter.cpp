#include "vision/storey_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace jieding::vision {
namespace {

// Heights of the top edge above the last slab, in storeys.
constexpr double climbing_offset = 1.45, climbing_spread = 0.12;
constexpr double wrapped_offset = 0.95, wrapped_spread = 0.15;
constexpr double phase_height[] = {0.03, 0.48, 0.95};  ///< bare frame: slab, columns, deck
constexpr double parapet_height = 0.56;
constexpr double edge_sigma = 0.11;  ///< of a top edge found in one frame, storeys
/// A pit and its rim show up to here before anything is built.
constexpr double pit_reach = 2.0;
/// Fog, glare or a facade coloured like what is behind it: the building is there and not seen.
constexpr double blind_picture = 0.06;
constexpr double counted_sigma = 0.35;  ///< of a count by people, storeys
constexpr double wild_picture = 0.04;   ///< share of frames whose evidence means nothing

// Chances between two frames, whatever time lies between them.
constexpr double first_storey = 0.04;
constexpr double one_step = 0.16, further_step = 0.25, back_step = 0.002, roof_step = 0.06;
constexpr double phase_step = 0.25, further_phase = 0.45;

double gauss(double x, double sigma) {
  return std::exp(-0.5 * x * x / (sigma * sigma)) / (sigma * std::sqrt(2 * M_PI));
}

}  // namespace

StoreyFilter::StoreyFilter(const FacadeSetup& setup, double horizon)
    : setup_(setup), horizon_(horizon) {
  scaffold_chain_ = chain(false);
  bare_chain_ = chain(true);
  const bool unknown = setup.scaffold == Scaffold::Unknown;
  const double share = unknown ? 1.0 / 3.0 : 1.0;
  if (unknown || setup.scaffold == Scaffold::Climbing)
    add_hypotheses(false, climbing_offset, climbing_spread, share);
  if (unknown || setup.scaffold == Scaffold::Wrapped)
    add_hypotheses(false, wrapped_offset, wrapped_spread, share);
  if (unknown || setup.scaffold == Scaffold::None) add_hypotheses(true, 0, 0.05, share);

  for (const Hypothesis& hypothesis : hypotheses_) {
    for (const State& state : hypothesis.bare ? bare_chain_ : scaffold_chain_) {
      // A count that people give for a late camera may be off by one.
      const double off = state.storeys - setup.storeys_at_start;
      const double start = setup.storeys_at_start == 0 ? (state.storeys == 0 ? 1.0 : 1e-6)
                                                       : std::exp(-0.5 * off * off) + 1e-6;
      weights_.push_back(state.topped ? 1e-9 : hypothesis.prior * start);
    }
  }
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  for (double& w : weights_)
    w /= sum;
}

void StoreyFilter::add_hypotheses(bool bare, double offset, double spread, double share) {
  std::vector<Hypothesis> found;
  for (int i = -2; i <= 2; ++i) {
    if (bare && std::abs(i) > 1) continue;
    for (const double rim : {0.0, 0.05, 0.1, 0.15, 0.2}) {
      for (const double part : {0.6, 0.8, 1.0}) {
        if (rim == 0.0 && part != 1.0) continue;
        const double o = offset + i * spread;
        const double prior = std::exp(-0.5 * i * i) * (rim == 0.0 ? 3.0 : 1.0);
        found.push_back({bare, o, rim, horizon_ * part, prior});
      }
    }
  }
  double sum = 0;
  for (const auto& h : found)
    sum += h.prior;
  for (auto& h : found) {
    h.prior *= share / sum;
    hypotheses_.push_back(h);
  }
}

std::vector<StoreyFilter::State> StoreyFilter::chain(bool bare) const {
  std::vector<State> out;
  for (int n = 0; n <= setup_.storeys; ++n)
    for (int phase = 0; phase < (bare && n < setup_.storeys ? 3 : 1); ++phase)
      out.push_back({n, phase, false});
  out.push_back({setup_.storeys, 0, true});
  return out;
}

double StoreyFilter::height(const Hypothesis& hypothesis, const State& state) const {
  double above = hypothesis.offset;
  if (state.topped) {
    above = parapet_height;
  } else if (hypothesis.bare) {
    above += phase_height[state.phase];
  }
  const double near = state.storeys + above;
  return near + hypothesis.rim * std::max(0.0, hypothesis.horizon - near);
}

void StoreyFilter::prepare(const RowEvidence& rows) {
  const std::size_t n = rows.top_score.size();
  const double best = *std::max_element(rows.top_score.begin(), rows.top_score.end());
  std::vector<double> p(n);
  double sum = 0;
  for (std::size_t y = 0; y < n; ++y)
    sum += p[y] = std::exp(rows.top_score[y] - best);
  low_mass_ = blind_mass_ = 0;
  density_.assign(n + 1, 0);
  const int reach = 4;  // rows, about three sigma
  for (std::size_t y = 0; y < n; ++y) {
    const double share = p[y] / sum;
    if (static_cast<double>(y) / rows_per_storey <= pit_reach) low_mass_ += share;
    if (y < rows_per_storey / 2) blind_mass_ += share;
    for (int d = -reach; d <= reach; ++d) {
      const int to = static_cast<int>(y) + d;
      if (to < 0 || to > static_cast<int>(n)) continue;
      density_[static_cast<std::size_t>(to)] +=
          share * gauss(static_cast<double>(d) / rows_per_storey, edge_sigma);
    }
  }
  timber_ = rows.timber;
}

double StoreyFilter::likelihood(const Hypothesis& hypothesis, const State& state) const {
  const double wild = wild_picture / (setup_.storeys + storeys_above_roof);
  if (state.storeys == 0 && state.phase == 0)
    return wild + (1 - wild_picture) * low_mass_ / pit_reach;
  const double row = height(hypothesis, state) * rows_per_storey;
  const auto y =
      static_cast<std::size_t>(std::clamp(row, 0.0, static_cast<double>(density_.size()) - 2.0));
  const double t = row - static_cast<double>(y);
  double density = density_[y] * (1 - t) + density_[y + 1] * t;
  if (hypothesis.bare && y < timber_.size()) {
    // The deck's formwork looks unlike the slabs below it; a cast slab looks like them.
    const double odds = state.phase == 2 ? timber_[y] : state.phase == 0 ? -timber_[y] : 0;
    density *= std::exp(std::clamp(odds, -2.0, 2.0));
  }
  return wild + blind_picture * blind_mass_ + (1 - wild_picture) * density;
}

void StoreyFilter::step(const Hypothesis& hypothesis, double* weights) const {
  const auto& states = hypothesis.bare ? bare_chain_ : scaffold_chain_;
  const std::size_t n = states.size(), roof = n - 1;
  std::vector<double> next(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    if (weights[i] == 0) continue;
    double left = weights[i];
    const auto move = [&](std::size_t to, double chance) {
      if (to >= n || (states[to].topped && chance <= 0)) return;
      next[to] += weights[i] * chance;
      left -= weights[i] * chance;
    };
    if (states[i].topped) {
      move(i - 1, back_step / 4);
    } else {
      double chance = hypothesis.bare ? phase_step : one_step;
      if (states[i].storeys == 0) chance = hypothesis.bare ? 2 * first_storey : first_storey;
      const double shrink = hypothesis.bare ? further_phase : further_step;
      for (std::size_t to = i + 1; to < roof; ++to, chance *= shrink)
        move(to, std::max(chance, 1e-6));
      if (i + 1 == roof) move(roof, roof_step);
      if (i > 0) move(i - 1, back_step);
    }
    next[i] += left;
  }
  std::copy(next.begin(), next.end(), weights);
}

void StoreyFilter::see(const RowEvidence& rows) {
  prepare(rows);
  std::size_t at = 0;
  double sum = 0;
  for (const Hypothesis& hypothesis : hypotheses_) {
    const auto& states = hypothesis.bare ? bare_chain_ : scaffold_chain_;
    step(hypothesis, &weights_[at]);
    for (const State& state : states)
      sum += weights_[at++] *= likelihood(hypothesis, state);
  }
  for (double& w : weights_)
    w = std::max(w / sum, 1e-30);
}

void StoreyFilter::confirm(int storeys) {
  std::size_t at = 0;
  double sum = 0;
  for (const Hypothesis& hypothesis : hypotheses_) {
    for (const State& state : hypothesis.bare ? bare_chain_ : scaffold_chain_) {
      const double off = state.storeys - storeys;
      sum += weights_[at++] *= std::exp(-0.5 * off * off / (counted_sigma * counted_sigma)) + 1e-12;
    }
  }
  for (double& w : weights_)
    w = std::max(w / sum, 1e-30);
}

StoreyBelief StoreyFilter::belief() const {
  StoreyBelief out;
  std::vector<double> cast(static_cast<std::size_t>(setup_.storeys) + 1, 0);
  std::size_t at = 0;
  for (const Hypothesis& hypothesis : hypotheses_) {
    for (const State& state : hypothesis.bare ? bare_chain_ : scaffold_chain_) {
      const double w = weights_[at++];
      cast[static_cast<std::size_t>(state.storeys)] += w;
      if (state.topped) out.topped_out += w;
      if (!state.topped && state.storeys > 0)
        out.working_height += w * (height(hypothesis, state) - state.storeys);
    }
  }
  const auto quantile = [&](double q) {
    double sum = 0;
    for (std::size_t n = 0; n < cast.size(); ++n)
      if ((sum += cast[n]) >= q) return static_cast<int>(n);
    return setup_.storeys;
  };
  out.storeys = quantile(0.5);
  out.low = quantile(0.05);
  out.high = quantile(0.95);
  out.confidence = std::min(1.0, cast[static_cast<std::size_t>(out.storeys)]);
  out.at_least.assign(cast.size(), 0);
  double above = 0;
  for (std::size_t n = cast.size(); n-- > 0;)
    out.at_least[n] = above += cast[n];
  return out;
}

bool StoreyFilter::restore(const std::vector<double>& weights) {
  if (weights.size() != weights_.size()) return false;
  double sum = 0;
  for (const double w : weights) {
    if (!(w >= 0 && w <= 1)) return false;
    sum += w;
  }
  if (std::abs(sum - 1) > 1e-6) return false;
  weights_ = weights;
  return true;
}

}  // namespace jieding::vision
