#include "vision/finish.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "vision/at_share.hpp"
#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr double vote_share = 0.6;     ///< weight of one frame in a running vote
constexpr double surely_netted = 0.7;  ///< running vote: two frames of nets, none between
/// A net is flatter than this share of the most open storey in the same picture. In a picture in
/// which nothing has relief (fog, or a net over everything) no storey is judged.
constexpr double net_share = 0.45;
constexpr double least_relief = 0.06;
constexpr double behind_net =
    0.5;  ///< no edge of cladding: nets look alike from storey to storey, too
constexpr double third = 0.33, nearly_all = 0.95;  ///< of the storeys
/// Share of the front. A net that leaves more than this between two pictures was not struck as the
/// facade behind it got ready, but for one that is hung from the roof: it says nothing. Unless
/// pictures that follow show it again: by night or at dusk light falls through it.
constexpr double at_once = 0.8, gone_once = 0.6, surely_gone = 0.3;
/// Frames running. The front is ready a little before the other sides and the scaffold's foot.
constexpr int finished_needed = 2;
constexpr double sure_of_third = 0.6;
/// Belief that all is clad, given that some is. From the stage of the facade on the works are held
/// to have begun: where no edge is seen any more, all of it is done rather than none.
constexpr double done_if_begun = 0.75;
constexpr double surely_edge = 0.2;  ///< the same belief, below which an edge is surely seen again
/// Share of the storeys below the edge of a net, and storeys, that may look open: by night lamps
/// shine through it. Fences and huts before its foot do not count.
constexpr double most_gaps = 0.5, one_gap = 1;
constexpr std::size_t at_foot = 2;
/// Times the relief of a net that of a facade in the open is at least, both the usual one. Where a
/// net alone hangs, lit or worn here and there, it is less.
constexpr double clear_of_net = 2.5;
/// Where the roof is out of the picture, what comes into it from above must be surer.
constexpr double sure_in_view = 0.9;
/// Infill follows some storeys behind the last slab.
constexpr int infill_behind = 4;
/// A climbing platform hides no more; a net over more than this hangs around the building.
constexpr int platform_storeys = 6;

/// Of the least relief under the roof over the usual one below: where it tells nothing, and the
/// log-odds that one more of it tells.
constexpr double as_netted_as_open = 0.7, odds_per_relief = 2;

/// In place of the relief of a storey that lies outside the picture.
constexpr double unseen = -1;

bool is_seen(double relief) {
  return relief >= 0;
}

cv::Rect band_of(int storey) {
  return {side_columns + 4, storey * rows_per_storey + 1, facade_columns - 8, rows_per_storey - 2};
}

/// Of the storeys above the foot: what stands before that has relief in any picture.
double most_open(const std::vector<double>& openings) {
  const std::size_t first = std::min(at_foot, openings.size() - 1);
  return *std::max_element(openings.begin() + static_cast<std::ptrdiff_t>(first), openings.end());
}

bool is_net(double relief, double most) {
  return is_seen(relief) && relief < net_share * most;
}

bool shows(const cv::Mat& inside, int storey) {
  const cv::Mat band = inside(band_of(storey));
  return cv::countNonZero(band) == band.rows * band.cols;
}

/// What hangs as a net is far flatter than what is in the open.
bool stand_apart(const std::vector<double>& openings, double most) {
  std::vector<double> nets, open;
  for (std::size_t n = at_foot; n < openings.size(); ++n)
    if (is_seen(openings[n])) (is_net(openings[n], most) ? nets : open).push_back(openings[n]);
  return nets.empty() || open.empty() ||
         median(std::move(open)) >= clear_of_net * median(std::move(nets));
}

/// A net is struck from the roof down, past one storey that may be misread, and what is left of it
/// hangs without gaps.
bool hangs_as_a_net(const std::vector<double>& openings, double most) {
  int nets = 0, below = 0, gaps = 0;
  for (std::size_t n = openings.size(); n-- > at_foot;) {
    if (!is_seen(openings[n])) continue;
    const bool net = is_net(openings[n], most);
    if (nets > 1) {
      ++below;
      gaps += !net;
    }
    nets += net;
  }
  return gaps <= std::max(one_gap, most_gaps * below);
}

void vote(double& running, bool yes) {
  running += vote_share * ((yes ? 1.0 : 0.0) - running);
}

}  // namespace

FinishEvidence read_finish(const cv::Mat& strip, const cv::Mat& inside) {
  FinishEvidence out;
  cv::Mat grey, soft;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, soft, {}, 0.8);
  const int storeys = strip.rows / rows_per_storey - storeys_above_roof;
  for (int n = 0; n < storeys; ++n) {
    if (!shows(inside, n)) {
      out.openings.push_back(unseen);
      continue;
    }
    cv::Scalar mean, deviation;
    cv::meanStdDev(soft(band_of(n)), mean, deviation);
    out.openings.push_back(deviation[0] / (mean[0] + 10));
  }
  const double most = most_open(out.openings);
  out.steps = look_steps(strip, inside);
  std::vector<std::ptrdiff_t> nets{0}, seen{0};  // below each storey
  for (const double relief : out.openings) {
    seen.push_back(seen.back() + is_seen(relief));
    nets.push_back(nets.back() + is_net(relief, most));
  }
  for (std::size_t n = 0; n + 1 < out.openings.size(); ++n) {
    const std::ptrdiff_t nets_below = nets[n + 1], below = seen[n + 1];
    if (5 * (nets.back() - nets_below) > seen.back() - below)
      out.steps.down[n] = std::min(out.steps.down[n], behind_net);
    if (5 * nets_below > below) out.steps.up[n] = std::min(out.steps.up[n], behind_net);
  }
  return out;
}

double open_roof(const FinishEvidence& evidence) {
  constexpr std::size_t roof = 2;  // storeys
  const auto& openings = evidence.openings;
  if (openings.size() < platform_storeys + roof) return 0;
  std::vector<double> below;
  std::copy_if(openings.begin(), openings.end() - platform_storeys, std::back_inserter(below),
               is_seen);
  if (below.empty() || !std::all_of(openings.end() - roof, openings.end(), is_seen)) return 0;
  const double usual = median(std::move(below));
  if (usual < least_relief / 2) return 0;
  const double least = *std::min_element(openings.end() - roof, openings.end());
  return odds_per_relief * (least / usual - as_netted_as_open);
}

FinishWatch::FinishWatch(const FacadeSetup& setup)
    : setup_(setup),
      bared_(static_cast<std::size_t>(setup.storeys), 0),
      netted_(bared_),
      was_netted_(bared_.size(), setup.scaffold == Scaffold::Wrapped ? 1.0 : 0.0),
      seen_up_to_(setup.storeys),
      cladding_(setup.storeys) {}

void FinishWatch::see(const FinishEvidence& evidence, int storeys, Roof roof) {
  see_nets(evidence.openings, roof);
  if (roof == Roof::Open)
    cladding_.learn(evidence.steps, storeys);
  else
    cladding_.see(evidence.steps, roof == Roof::OutOfView);
  // Grass that is there earlier is a meadow's before the site.
  if (reached_ >= Stage::ExternalWorks)
    landscape_.see(evidence.foot);
  else if (roof != Roof::Stands && reached_ < Stage::Facade)
    landscape_.learn(evidence.foot);
  finished_ =
      roof != Roof::Open && front_is_finished() ? std::min(finished_ + 1, finished_needed) : 0;
  if (shows_edge_again()) reached_ = Stage::Facade;
  if (storeys == 0) {
    groundworks_.see(evidence.foot);
    reached_ = groundworks_.stage();  // also when the count was corrected
  }
  if (roof == Roof::OutOfView && cladding_.below(seen_up_to_) > sure_in_view)
    reached_ = std::max(reached_, finish_stage());
  reached_ = std::max(reached_, stage(storeys, roof == Roof::Stands));
}

void FinishWatch::see_nets(const std::vector<double>& openings, Roof roof) {
  const double most = most_open(openings);
  const auto nets =
      std::count_if(netted_.begin(), netted_.end(), [](double n) { return n > surely_netted; });
  const auto last_seen = std::find_if(openings.rbegin(), openings.rend(), is_seen);
  seen_up_to_ = static_cast<int>(openings.rend() - last_seen);
  const bool wrapped =
      setup_.scaffold != Scaffold::None && nets > platform_storeys && 2 * nets > seen_up_to_;
  const double bared_before = bared_share();
  const bool tells = hangs_as_a_net(openings, most) && stand_apart(openings, most);
  for (std::size_t n = 0; n < netted_.size() && most > least_relief; ++n) {
    if (!is_seen(openings[n])) continue;
    const bool net = is_net(openings[n], most);
    vote(netted_[n], net);
    if (roof != Roof::Stands) continue;
    if (wrapped && netted_[n] > surely_netted) was_netted_[n] = 1;
    if (was_netted_[n] > 0 && tells) vote(bared_[n], !net);
  }
  if (bared_share() - bared_before > at_once) {
    for (double& was : was_netted_) {
      was *= gone_once;
      if (was < surely_gone) was = 0;
    }
    std::fill(bared_.begin(), bared_.end(), 0);
  }
}

/// Of all planned storeys those from which the net that hung around the building has come off. It
/// is struck from the roof down; one storey may be misread.
double FinishWatch::bared_share() const {
  int bared = 0, netted = 0;
  for (int n = seen_up_to_ - 1; n >= 0 && netted < 2; --n)
    ++(bared_[static_cast<std::size_t>(n)] > 0.5 ? bared : netted);
  const int above_view = bared > 0 ? setup_.storeys - seen_up_to_ : 0;
  return static_cast<double>(bared + above_view) / setup_.storeys;
}

bool FinishWatch::front_is_finished() const {
  const bool has_begun = reached_ >= Stage::Facade;
  return bared_share() >= nearly_all || cladding_.all() > 0.5 ||
         (has_begun && cladding_.all_if_any() > done_if_begun);
}

/// The front was held to be finished too early. A net that was struck does not come back.
bool FinishWatch::shows_edge_again() const {
  return reached_ == Stage::ExternalWorks && bared_share() <= 0 &&
         cladding_.all_if_any() < surely_edge;
}

bool FinishWatch::is_clad(int storey) const {
  storey =
      std::clamp(seen_up_to_ - 1, 0, storey);  // what lies above the picture is as where it ends
  return bared_[static_cast<std::size_t>(storey)] > 0.5 || cladding_.is_clad(storey);
}

Stage FinishWatch::finish_stage() const {
  if (landscape_.done()) return Stage::Completed;
  if (finished_ >= finished_needed) return Stage::ExternalWorks;
  if (bared_share() >= third || cladding_.third() > sure_of_third) return Stage::Facade;
  return Stage::ToppedOut;
}

Stage FinishWatch::stage(int storeys, bool topped_out) const {
  Stage now = storeys > 0 ? Stage::Superstructure : groundworks_.stage();
  if (topped_out) now = finish_stage();
  return std::max(reached_, now);
}

std::vector<StoreyState> FinishWatch::bands(int storeys, double top) const {
  std::vector<StoreyState> out;
  for (int n = 0; n < setup_.storeys; ++n) {
    StoreyState state = StoreyState::Background;
    if (n < storeys) {
      state = is_clad(n)                    ? StoreyState::Facade
              : n + infill_behind < storeys ? StoreyState::Infilled
                                            : StoreyState::Frame;
    } else if (storeys > 0 && n < std::lround(top)) {
      state = StoreyState::Working;
    }
    out.push_back(state);
  }
  return out;
}

void FinishWatch::save(BlobWriter& out) const {
  for (const auto* votes : {&bared_, &netted_, &was_netted_})
    out.put(*votes);
  cladding_.save(out);
  groundworks_.save(out);
  landscape_.save(out);
  out.put(std::int32_t{seen_up_to_});
  out.put(std::int32_t{finished_});
  out.put(static_cast<std::int32_t>(reached_));
}

bool FinishWatch::restore(BlobReader& in) {
  std::vector<double> votes[3];
  for (auto& v : votes)
    v = in.get_numbers(1024);
  if (!cladding_.restore(in) || !groundworks_.restore(in) || !landscape_.restore(in)) return false;
  const auto seen_up_to = in.get<std::int32_t>();
  const auto finished = in.get<std::int32_t>(), reached = in.get<std::int32_t>();
  for (const auto& v : votes)
    if (v.size() != bared_.size()) return false;
  if (seen_up_to < 0 || seen_up_to > setup_.storeys) return false;
  if (finished < 0 || finished > finished_needed) return false;
  if (!in.ok() || reached < 0 || reached > static_cast<int>(Stage::Completed)) return false;
  bared_ = votes[0];
  netted_ = votes[1];
  was_netted_ = votes[2];
  seen_up_to_ = seen_up_to;
  finished_ = finished;
  reached_ = static_cast<Stage>(reached);
  return true;
}

}  // namespace jieding::vision
