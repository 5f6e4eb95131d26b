#include "vision/storey_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "vision/gauss.hpp"
#include "vision/strip.hpp"

namespace jieding::vision {
namespace {

/// Or higher, than a scaffold stands at the last slab, in storeys.
constexpr double clearly_lower = 0.2;
constexpr double edge_sigma = 0.11;  ///< of a top edge found in one frame, storeys
/// Share of frames in which a slab is cast and its scaffold has not risen after it.
constexpr double not_followed = 0.06;
/// Fog, glare or a facade coloured like what is behind it: the building is there and not seen, and
/// the edge lies lower than so many storeys.
constexpr double blind_picture = 0.06, blind_below = 0.5;
/// Share of the rows over which a top edge may lie spread: up to which the frame tells all it can,
/// from which on nothing.
constexpr double says_much = 0.8, says_nothing = 0.98;
constexpr double counted_sigma = 0.35;  ///< of a count by people, storeys
/// Chance of what they count though pictures have ruled it out.
constexpr double counted_after_all = 1e-6;
/// Share of frames whose evidence means nothing: in light that the pool knows, and in other light.
constexpr double wild_picture = 0.04, wild_light = 0.5;
/// And of those in which a body fills the facade, is unlike both sides and ends at them: in light
/// that the pool knows one of some 65 rendered pictures with a few storeys, none of 145 without
/// any. In other light the edge lies elsewhere in 81 of 383, mostly of towers that end above the
/// picture; that counts only where a body may have stood before the camera.
constexpr double clear_picture = 0.01, clear_light = 0.15;
constexpr double clear_filled = 0.75, clear_unlike = 0.6, clear_outlined = 0.9;

/// Log-odds of formwork below which it is seldom, in any light; that of slabs lies about -2.
constexpr double grey_timber = -0.7;
/// How much a look at the band above the roof slab counts: formwork of grey metal looks like
/// concrete.
constexpr double roof_look = 0.75;

/// Log-odds of formwork above which no fresh parapet looks, and what that counts at most. Of
/// rendered pictures 20 of 57 in which it was made say more, none of 202 of the first forty days
/// after it (brick and lamps look so later).
constexpr double no_concrete = 1, most_formwork = 2;

/// Log-odds of open storeys under the roof up to which a net may look so in some light, from which
/// on hardly any does, and what such a picture counts at most. More than `telling_opening` say 3 of
/// 101 rendered pictures before topping-out, 36 of 195 after it, 34 of 107 of the facade's stage.
constexpr double usual_opening = 0.7, telling_opening = 1.0, most_opening = 1.5;

/// Weight left out at either end of the interval. Frames resemble each other more than the filter
/// takes them to, so that what is between holds the truth in about 95 pictures of 100.
constexpr double tail = 0.01;

/// Of the sites at which a body fills the facade from the first picture on and nobody told of it,
/// the share at which it is the building.
constexpr double came_late = 0.3;

// Chances between two frames, whatever time lies between them.
constexpr double first_storey = 0.02;
/// Where the base of concrete is there.
constexpr double first_on_base = 0.08;
/// Of those that begin, the share whose scaffold is seen before the first slab; and how often that
/// slab is then cast.
constexpr double scaffold_first = 0.1, slab_under_scaffold = 0.3;
constexpr double one_step = 0.1, further_step = 0.25, back_step = 0.002, roof_step = 0.2;
constexpr double any_step = 1e-6;  ///< to any state further on
constexpr double phase_step = 0.25, further_phase = 0.45;

/// No state is ever given up: the pictures to come may all speak for it.
constexpr double least_weight = 1e-30;

/// Per row the probability that the top edge lies there.
std::vector<double> shares_of(const std::vector<double>& scores) {
  const double best = *std::max_element(scores.begin(), scores.end());
  std::vector<double> out(scores);
  for (double& share : out)
    share = std::exp(share - best);
  const double sum = std::accumulate(out.begin(), out.end(), 0.0);
  for (double& share : out)
    share /= sum;
  return out;
}

/// The share of all rows over which the edge lies spread.
double spread_of(const std::vector<double>& shares) {
  double entropy = 0;
  for (const double share : shares)
    entropy -= share > 0 ? share * std::log(share) : 0;
  return std::exp(entropy) / static_cast<double>(shares.size());
}

double share_below(double storeys, const std::vector<double>& shares) {
  double sum = 0;
  for (std::size_t y = 0; y < shares.size(); ++y)
    if (static_cast<double>(y) < storeys * rows_per_storey) sum += shares[y];
  return sum;
}

/// Of the edge, per storey, at each row and at the end of the last.
std::vector<double> density_of(const std::vector<double>& shares) {
  constexpr int reach = 4;  // rows, about three sigma
  const auto last = static_cast<int>(shares.size());
  std::vector<double> out(shares.size() + 1, 0);
  for (int y = 0; y < last; ++y)
    for (int to = std::max(0, y - reach); to <= std::min(last, y + reach); ++to)
      out[static_cast<std::size_t>(to)] +=
          shares[static_cast<std::size_t>(y)] *
          gauss(static_cast<double>(to - y) / rows_per_storey, edge_sigma);
  return out;
}

/// Log-odds of the roof. The platform may stay for a while after it: a net is no proof that it is
/// not complete.
double told_by_opening(double odds) {
  return std::clamp(odds, 0.0, usual_opening) +
         std::clamp(odds - telling_opening, 0.0, most_opening - usual_opening);
}

}  // namespace

StoreyFilter::StoreyFilter(const FacadeSetup& setup, const std::vector<Horizon>& horizons,
                           bool roof_in_view)
    : hypotheses_(setup, horizons, roof_in_view) {
  std::vector<double> weights;
  for (const Hypothesis& hypothesis : hypotheses_.all()) {
    for (const State& state : hypotheses_.states_of(hypothesis))
      weights.push_back(hypothesis.prior * hypotheses_.at_start(state));
  }
  hold(weights);
  topped_at_.assign(hypotheses_.all().size(), 0);
  lowered_at_.assign(hypotheses_.all().size(), 0);
}

/// As a distribution, and no finer than it is stored, so that a restart changes nothing.
void StoreyFilter::hold(const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  weights_.clear();
  for (const double w : weights)
    weights_.push_back(static_cast<float>(std::max(w / sum, least_weight)));
}

void StoreyFilter::prepare(const RowEvidence& rows, const Known& known) {
  on_base_ = known.base;
  const std::vector<double> shares = shares_of(rows.top_score);
  density_ = density_of(shares);
  blind_mass_ = share_below(blind_below, shares);
  const double high = 1 - share_below(pit_reach, shares);
  witness_ = std::clamp(rows.witness, 0.0, 1.0) * (known.stands ? high : 1);
  const double spread = spread_of(shares);
  told_ = witness_ * std::clamp((says_nothing - spread) / (says_nothing - says_much), 0.0, 1.0);
  timber_ = rows.timber;
  solid_ = rows.solid;
  closed_roof_ = rows.closed_roof;
  open_roof_ = hypotheses_.roof_in_view() ? told_by_opening(rows.open_roof) : 0;
  const bool clear =
      rows.filled > clear_filled && rows.unlike > clear_unlike && rows.outlined > clear_outlined;
  const double known_light = clear ? clear_picture : wild_picture;
  const double other_light = clear && known.late ? clear_light : wild_light;
  wild_ = known_light + (other_light - known_light) * (1 - std::clamp(rows.trust, 0.0, 1.0));
  ground_ = rim_.see(density_, wild_, witness_, told_);
}

/// Log-odds of a bare frame's top: formwork looks unlike the slabs below it, what is cast like
/// them; rebar and columns are open. A parapet in its making is open or timber, a finished one
/// neither.
double StoreyFilter::look(const State& state, double timber, double solid) const {
  const double s = std::clamp(solid, -1.5, 1.5), t = std::clamp(timber - grey_timber, -2.0, 2.0);
  const double closed = closed_roof_ != 0 ? closed_roof_ : s;  // the parapet's own look is surer
  const double formwork = std::clamp(timber - no_concrete, 0.0, most_formwork);
  if (state.topped) return roof_look * (closed - t) - formwork;
  if (state.phase > 0 && state.storeys == hypotheses_.planned())
    return roof_look * std::max(-closed, t);
  return state.phase == 0 ? -t : state.phase == 1 ? -t - s : t;
}

std::size_t StoreyFilter::row_at(double height) const {
  const double last = static_cast<double>(density_.size()) - 2;
  return static_cast<std::size_t>(std::clamp(height * rows_per_storey, 0.0, last));
}

/// Of a top edge at this height in the frame.
double StoreyFilter::density_at(double height) const {
  const std::size_t y = row_at(height);
  const double t = height * rows_per_storey - static_cast<double>(y);
  return density_[y] * (1 - t) + density_[y + 1] * t;
}

double StoreyFilter::likelihood(const Hypothesis& hypothesis, const State& state) const {
  const double wild = wild_ / (hypotheses_.planned() + storeys_above_roof);
  if (state.storeys == 0 && state.phase == 0) return wild + (1 - wild_) * ground_;
  const double edge = hypotheses_.height(hypothesis, state);
  double density = density_at(edge);
  // Not of the last slab: the parapet would look like its scaffold.
  if (!hypothesis.bare && state.storeys > 0 && state.storeys < hypotheses_.planned()) {
    const State before{state.storeys - 1, 1, false};
    density += not_followed * (density_at(hypotheses_.height(hypothesis, before)) - density);
  }
  // Where all stood from the start, masonry on the roof has the colour of formwork.
  const std::size_t y = row_at(edge);
  if (hypothesis.bare && y < timber_.size() && !hypotheses_.stood_whole())
    density *= std::exp(look(state, timber_[y], solid_[y]));
  if (hypothesis.platform && state.storeys >= hypotheses_.planned() - 1)
    density *= std::exp(state.topped ? open_roof_ : -open_roof_);
  return wild + blind_picture * blind_mass_ + (1 - wild_) * density;
}

/// An empty site stays so for long; a deck that stands higher than any pit does not.
bool StoreyFilter::may_be_ground(const Hypothesis& hypothesis, const State& state) const {
  return state.storeys == 0 &&
         (state.phase == 0 || hypotheses_.height(hypothesis, state) < pit_reach);
}

/// Steps forward fall off from state to state, so their sum runs along the chain. In a frame that
/// tells nothing nothing is stepped, or many of them would raise the building.
void StoreyFilter::step(const Hypothesis& hypothesis, double* weights, double& topped_at,
                        double now) const {
  const std::vector<State>& states = hypotheses_.states_of(hypothesis);
  const std::size_t n = states.size(), roof = n - 1;
  const double shrink = hypothesis.bare ? further_phase : further_step;
  std::vector<double> next(weights, weights + n);
  const auto move = [&](std::size_t from, std::size_t to, double mass) {
    next[from] -= mass;
    next[to] += mass;
  };
  double arriving = 0, below = 0;
  for (std::size_t i = 0; i < roof; ++i) {
    const double leap = i > 1 ? any_step * (below - weights[i - 1]) : 0;
    const bool ahead_of_slab = !hypothesis.bare && states[i].storeys == 0 && states[i].phase > 0;
    const double staying = ahead_of_slab ? scaffold_first : 1;
    next[i] += staying * arriving + leap;
    double chance = hypothesis.bare ? phase_step : one_step;
    if (may_be_ground(hypothesis, states[i]))
      chance = (hypothesis.bare ? 2 : 1) * (on_base_ ? first_on_base : first_storey);
    if (ahead_of_slab) chance = slab_under_scaffold;
    const std::size_t ahead = roof - 1 - i;  // states that can be stepped to
    const double falling = (1 - std::pow(shrink, static_cast<double>(ahead))) / (1 - shrink);
    const double leaps = ahead > 1 ? any_step * static_cast<double>(ahead - 1) : 0;
    next[i] -= weights[i] * (chance * falling + leaps);
    arriving *= ahead_of_slab ? 1 - staying : shrink;
    arriving += weights[i] * chance;
    below += weights[i];
  }
  if (hypotheses_.roof_in_view()) {
    const double stood = weights[roof] * (1 - back_step / 4);
    const double done = weights[roof - 1] * roof_step;
    const double leapt = hypothesis.bare ? weights[roof - 2] * phase_step * roof_step : 0;
    if (topped_at == 0) topped_at = now;  // what stood before the first frame is as old as that
    if (done + leapt > 0)
      topped_at += (now - topped_at) * told_ * (done + leapt) / (stood + done + leapt);
    move(roof - 1, roof, done);
    move(roof - 2, roof, leapt);
  }
  for (std::size_t i = 1; i < roof; ++i)
    move(i, i - 1, weights[i] * back_step);
  move(roof, roof - 1, weights[roof] * back_step / 4);
  for (std::size_t i = 0; i < n; ++i)
    weights[i] = std::max(weights[i] + told_ * (next[i] - weights[i]), 0.0);
}

/// The scaffold of the last slab, or this frame shows something else.
bool StoreyFilter::stands_at_its_height(const Hypothesis& hypothesis, double top) const {
  const double up = hypotheses_.height(hypothesis, {hypotheses_.planned(), 0, false});
  return top > up - clearly_lower || top < hypotheses_.planned();
}

/// A scaffold comes down over some days once the roof stands: seen on its way, after all storeys
/// were cast, it dates the roof, and moves no weight.
bool StoreyFilter::is_coming_down(const Hypothesis& hypothesis, const double* weights,
                                  double top) const {
  if (hypothesis.bare || stands_at_its_height(hypothesis, top)) return false;
  const double* end = weights + hypotheses_.states_of(hypothesis).size();
  const double all_cast = end[-2] + end[-1];
  const double down = hypotheses_.height(hypothesis, {hypotheses_.planned(), 0, true});
  return all_cast > 0.5 * std::accumulate(weights, end, 0.0) && top > down + clearly_lower;
}

/// What is left of a likelihood that earlier frames have said in part.
double StoreyFilter::shared(double likelihood) const {
  return witness_ < 1 ? std::pow(likelihood, witness_) : likelihood;  // most are whole: no power
}

void StoreyFilter::see(const RowEvidence& rows, double between, const Known& known) {
  prepare(rows, known);
  if (known.late) doubt_start();
  std::vector<double> weights(weights_.begin(), weights_.end());
  std::size_t at = 0;
  for (std::size_t h = 0; h < hypotheses_.all().size(); ++h) {
    const Hypothesis& hypothesis = hypotheses_.all()[h];
    const std::vector<State>& states = hypotheses_.states_of(hypothesis);
    double& lowered_at = lowered_at_[h];
    if (stands_at_its_height(hypothesis, rows.top)) lowered_at = 0;
    const bool coming_down = is_coming_down(hypothesis, &weights[at], rows.top);
    step(hypothesis, &weights[at], topped_at_[h], lowered_at > 0 ? lowered_at : between);
    if (coming_down) lowered_at = between;
    for (const State& state : states)
      weights[at++] *=
          known.stands && state.storeys == 0 ? 0 : shared(likelihood(hypothesis, state));
  }
  hold(weights);
}

/// `changed` gives the weight that a state of a hypothesis has from now on.
template <class Changed>
void StoreyFilter::reweigh(Changed changed) {
  std::vector<double> weights(weights_.begin(), weights_.end());
  std::size_t at = 0;
  for (const Hypothesis& hypothesis : hypotheses_.all()) {
    for (const State& state : hypotheses_.states_of(hypothesis)) {
      weights[at] = changed(weights[at], hypothesis, state);
      ++at;
    }
  }
  hold(weights);
}

/// For the frame in hand.
void StoreyFilter::doubt_start() {
  reweigh([&](double weight, const Hypothesis& hypothesis, const State& state) {
    const bool stands = state.storeys > 0 && !state.topped;
    const auto states = static_cast<double>(hypotheses_.states_of(hypothesis).size());
    return stands ? weight + came_late * hypothesis.prior / states : weight;
  });
}

void StoreyFilter::confirm(int storeys) {
  reweigh([&](double weight, const Hypothesis& hypothesis, const State& state) {
    const double off = state.storeys - storeys;
    const double possible = off == 0 && !state.topped ? counted_after_all * hypothesis.prior : 0;
    return (weight + possible) *
           (std::exp(-0.5 * off * off / (counted_sigma * counted_sigma)) + 1e-12);
  });
}

/// Under a scaffold one slab more may be cast than its height tells.
bool StoreyFilter::may_not_have_followed(const Hypothesis& hypothesis, const State& state) const {
  const bool works = state.storeys > 0 || state.phase > 0;
  return !hypothesis.bare && works && state.storeys < hypotheses_.planned();
}

StoreyBelief StoreyFilter::belief() const {
  StoreyBelief out;
  std::vector<double> cast(static_cast<std::size_t>(hypotheses_.planned()) + 1, 0);
  std::vector<double> most = cast;  // with the slabs that no scaffold has followed
  std::size_t at = 0;
  double topped_at = 0;
  for (std::size_t h = 0; h < hypotheses_.all().size(); ++h) {
    const Hypothesis& hypothesis = hypotheses_.all()[h];
    for (const State& state : hypotheses_.states_of(hypothesis)) {
      const double w = static_cast<double>(weights_[at++]);
      cast[static_cast<std::size_t>(state.storeys)] += w;
      const double late = may_not_have_followed(hypothesis, state) ? not_followed * w : 0;
      most[static_cast<std::size_t>(state.storeys)] += w - late;
      if (late > 0) most[static_cast<std::size_t>(state.storeys) + 1] += late;
      if (state.topped) out.topped_out += w;
      if (state.topped) topped_at += w * topped_at_[h];
      if (!state.topped && state.storeys > 0)
        out.working_height += w * (hypotheses_.height(hypothesis, state) - state.storeys);
    }
  }
  if (out.topped_out > 0) out.topped_at = topped_at / out.topped_out;
  const auto quantile = [&](double q, const std::vector<double>& of) {
    double sum = 0;
    for (std::size_t n = 0; n < of.size(); ++n)
      if ((sum += of[n]) >= q) return static_cast<int>(n);
    return hypotheses_.planned();
  };
  out.storeys = quantile(0.5, cast);
  out.low = quantile(tail, cast);
  out.high = quantile(1 - tail, most);
  out.confidence = std::min(1.0, cast[static_cast<std::size_t>(out.storeys)]);
  out.at_least.assign(cast.size(), 0);
  double above = 0;
  for (std::size_t n = cast.size(); n-- > 0;)
    out.at_least[n] = above += cast[n];
  return out;
}

void StoreyFilter::save(BlobWriter& out) const {
  out.put(weights_);
  out.put(topped_at_);
  out.put(lowered_at_);
  rim_.save(out);
}

bool StoreyFilter::restore(BlobReader& in) {
  std::vector<float> weights = in.get_numbers<float>(weights_.size());
  std::vector<double> topped_at = in.get_numbers(topped_at_.size());
  std::vector<double> lowered_at = in.get_numbers(lowered_at_.size());
  if (weights.size() != weights_.size() || topped_at.size() != topped_at_.size() ||
      lowered_at.size() != lowered_at_.size())
    return false;
  const auto finite = [](double at) { return std::isfinite(at); };
  if (!is_distribution(weights) || !std::all_of(topped_at.begin(), topped_at.end(), finite) ||
      !std::all_of(lowered_at.begin(), lowered_at.end(), finite) || !rim_.restore(in))
    return false;
  weights_ = std::move(weights);
  topped_at_ = std::move(topped_at);
  lowered_at_ = std::move(lowered_at);
  return true;
}

}  // namespace jieding::vision
