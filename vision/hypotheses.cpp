#include "vision/hypotheses.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "vision/gauss.hpp"

namespace jieding::vision {
namespace {

/// Heights of the top edge above the last slab, in storeys. Those of a scaffold span less than a
/// storey, or two counts would explain the same pictures. A bare frame's are what rails and rebar
/// add to each phase.
constexpr double climbing_heights[] = {1.18, 1.34, 1.5, 1.66, 1.82, 1.98};
constexpr double wrapped_heights[] = {0.65, 0.8, 0.95, 1.1, 1.25, 1.4, 1.55};
constexpr double bare_heights[] = {-0.05, 0.03, 0.12, 0.22, 0.34};
struct Ahead {
  std::span<const double> heights;
  double usual, spread;
};
constexpr Ahead climbing_ahead{climbing_heights, 1.5, 0.2};
constexpr Ahead wrapped_ahead{wrapped_heights, 0.95, 0.2};
constexpr Ahead bare_ahead{bare_heights, 0, 10};       ///< no one likelier than another
constexpr double phase_height[] = {0.03, 0.48, 0.95};  ///< bare frame: slab, columns, deck
/// Of a parapet on the roof slab, rail and rounding included, and how often it is so high. A solid
/// band, other than the rebar that stands as high before.
struct Parapet {
  double height, share;
};
constexpr Parapet bare_parapets[] = {{0.42, 1}, {0.56, 1}, {0.74, 1}};
/// Seldom corners make the ruler read too little at the roof. Not on an open frame: its bare slab
/// lies there.
constexpr Parapet netted_parapets[] = {{0.15, 0.25}, {0.42, 1}, {0.56, 1}, {0.74, 1}};
/// Where the building stood when the camera came, people drew the roof line on what they saw.
constexpr Parapet drawn_parapets[] = {{-0.5, 1}, {-0.25, 1}, {0, 1}, {0.25, 1}, {0.5, 1}};
constexpr double lowered = 0.95;  ///< how far a scaffold is let down when the roof stands

/// Where people say that all storeys stood when the camera came: storeys by which they are wrong,
/// and how many times likelier it had its roof than that it was in any one state before.
constexpr double complete_sigma = 0.5, finished_at_start = 3;

}  // namespace

Hypotheses::Hypotheses(const FacadeSetup& setup, const std::vector<Horizon>& horizons,
                       bool roof_in_view)
    : setup_(setup), roof_in_view_(roof_in_view) {
  scaffold_chain_ = chain(false);
  bare_chain_ = chain(true);
  const bool unknown = setup.scaffold == Scaffold::Unknown;
  const double share = unknown ? 1.0 / 3.0 : 1.0;
  for (const Scaffold kind : {Scaffold::Climbing, Scaffold::Wrapped, Scaffold::None})
    if (unknown || setup.scaffold == kind) add(kind, share, horizons);
}

double Hypotheses::at_start(const State& state) const {
  constexpr double otherwise = 1e-6;
  const double off = state.storeys - setup_.storeys_at_start;
  if (stood_whole()) {
    const double roof = state.topped ? (roof_in_view_ ? finished_at_start : 0) : 1;
    return roof * std::exp(-0.5 * off * off / (complete_sigma * complete_sigma)) + otherwise * roof;
  }
  if (state.topped) return 0;
  if (setup_.storeys_at_start == 0) return off == 0 ? 1 : otherwise;
  return std::exp(-0.5 * off * off) + otherwise;  // people count, and may be off by one
}

void Hypotheses::add(Scaffold scaffold, double share, const std::vector<Horizon>& horizons) {
  const bool open = scaffold == Scaffold::None, platform = scaffold == Scaffold::Climbing;
  const Ahead& ahead = open ? bare_ahead : platform ? climbing_ahead : wrapped_ahead;
  const std::size_t first = all_.size();
  std::span<const Parapet> parapets = drawn_parapets;
  if (!stood_whole()) parapets = open ? std::span<const Parapet>(bare_parapets) : netted_parapets;
  double sum = 0;
  for (const double offset : ahead.heights) {
    const double prior = gauss(offset - ahead.usual, ahead.spread);
    for (const double rim : {0.0, 0.07, 0.14, 0.21, 0.3}) {
      for (const Horizon& horizon : horizons) {
        for (const Parapet& parapet : parapets) {
          // A scaffold that is let down to the roof often stays above the highest.
          const bool in_net = &parapet == &parapets.back() && !open;
          const double roof = in_net ? std::max(parapet.height, offset - lowered) : parapet.height;
          all_.push_back({open, platform, offset, rim, horizon.storeys, roof,
                          prior * horizon.weight * parapet.share});
          sum += all_.back().prior;
        }
      }
    }
  }
  for (std::size_t i = first; i < all_.size(); ++i)
    all_[i].prior *= share / sum;
}

/// A scaffold stands before the first slab is cast; that of a storey hides the rest of its cycle.
int Hypotheses::phases(bool bare, int storeys) const {
  if (!bare) return storeys == 0 ? 2 : 1;
  return storeys < setup_.storeys ? 3 : 2;
}

std::vector<Hypotheses::State> Hypotheses::chain(bool bare) const {
  std::vector<State> out;
  for (int n = 0; n <= setup_.storeys; ++n)
    for (int phase = 0; phase < phases(bare, n); ++phase)
      out.push_back({n, phase, false});
  out.push_back({setup_.storeys, 0, true});
  return out;
}

double Hypotheses::height(const Hypothesis& hypothesis, const State& state) const {
  double above = hypothesis.offset;
  if (state.topped || (state.storeys == setup_.storeys && state.phase > 0)) {
    above = hypothesis.parapet;
  } else if (hypothesis.bare) {
    above += phase_height[state.phase];
  }
  const double near = state.storeys + above;
  return near + hypothesis.rim * std::max(0.0, hypothesis.horizon - near);
}

}  // namespace jieding::vision
