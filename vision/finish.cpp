#include "vision/finish.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/facade.hpp"

namespace jieding::vision {
namespace {

constexpr double vote_share = 0.5;  ///< weight of one frame in a running vote
/// A net is flatter than this share of the most open storey in the same picture. In a picture in
/// which nothing has relief (fog, or a net over everything) no storey is judged.
constexpr double net_share = 0.45;
constexpr double least_relief = 0.06;
constexpr double clad_for_facade_stage = 0.33, clad_for_external_works = 0.95;
/// Infill follows some storeys behind the last slab.
constexpr int infill_behind = 4;
/// A climbing platform hides no more; a net over more than this hangs around the building.
constexpr int platform_storeys = 6;
/// Residual over its noise at which a pixel has changed, and share of a band that makes it changed:
/// windows stay dark holes.
constexpr float changed_at = 3.0F;
constexpr double changed_share = 0.25;
/// Up to here a picture still shows the building as at topping-out.
constexpr double same_share = 0.12;
/// Grey levels by which the surroundings themselves are not explained: then nothing is.
constexpr double strange_light = 5;

cv::Rect band_of(int storey) {
  return {side_columns + 4, storey * rows_per_storey + 1, facade_columns - 8, rows_per_storey - 2};
}

void vote(double& running, bool yes) {
  running += vote_share * ((yes ? 1.0 : 0.0) - running);
}

}  // namespace

FinishEvidence read_finish(const cv::Mat& strip) {
  FinishEvidence out;
  cv::Mat grey, soft;
  cv::cvtColor(strip, grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, soft, {}, 0.8);
  const int storeys = strip.rows / rows_per_storey - storeys_above_roof;
  for (int n = 0; n < storeys; ++n) {
    cv::Scalar mean, deviation;
    cv::meanStdDev(soft(band_of(n)), mean, deviation);
    out.openings.push_back(deviation[0] / (mean[0] + 10));
  }
  const cv::Rect base(side_columns, 0, facade_columns, rows_per_storey * 3 / 2);
  const cv::Scalar ground = cv::mean(grey.rowRange(0, 2));
  out.pit = cv::countNonZero(grey(base) < 0.45 * ground[0]) / static_cast<double>(base.area());
  return out;
}

std::vector<double> changed_bands(const Change& since_topping_out) {
  if (since_topping_out.witnesses < Change::enough_witnesses) return {};
  if (since_topping_out.misfit > strange_light) return {};
  std::vector<double> out;
  const int storeys = since_topping_out.distance.rows / rows_per_storey - storeys_above_roof;
  for (int n = 0; n < storeys; ++n) {
    const cv::Mat known = since_topping_out.known(band_of(n));
    const cv::Mat changed = (since_topping_out.distance(band_of(n)) > changed_at) & known;
    const int seen = cv::countNonZero(known);
    out.push_back(2 * seen < band_of(n).area() ? -1.0 : cv::countNonZero(changed) / double(seen));
  }
  return out;
}

double open_roof(const FinishEvidence& evidence) {
  constexpr std::size_t platform = 6, roof = 2;  // storeys
  const auto& openings = evidence.openings;
  if (openings.size() < platform + roof) return 0;
  std::vector<double> below(openings.begin(), openings.end() - platform);
  const auto middle = below.begin() + static_cast<std::ptrdiff_t>(below.size() / 2);
  std::nth_element(below.begin(), middle, below.end());
  if (*middle < least_relief / 2) return 0;
  double least = 1e9;
  for (std::size_t i = openings.size() - roof; i < openings.size(); ++i)
    least = std::min(least, openings[i]);
  return 2.0 * (least / *middle - 0.7);
}

FinishWatch::FinishWatch(const FacadeSetup& setup)
    : setup_(setup),
      clad_(static_cast<std::size_t>(setup.storeys), 0),
      covered_at_top_(clad_),
      netted_(clad_),
      was_netted_(static_cast<std::size_t>(setup.storeys),
                  setup.scaffold == Scaffold::Wrapped ? 1.0 : 0.0) {}

void FinishWatch::see(const FinishEvidence& evidence, int storeys, bool topped_out) {
  if (topped_out && !topped_) covered_at_top_ = netted_;
  topped_ = topped_out;
  as_topped_out_ = topped_out;
  std::vector<double> changed = evidence.changed;
  take_off_light(changed);
  for (std::size_t n = 0; n < changed.size(); ++n)
    if (comparable(n) && (changed[n] > same_share || clad_[n] > same_share)) as_topped_out_ = false;
  const double most = *std::max_element(evidence.openings.begin(), evidence.openings.end());
  const auto nets = std::count_if(netted_.begin(), netted_.end(), [](double n) { return n > 0.7; });
  const bool wrapped = nets > platform_storeys && 2 * nets > setup_.storeys;
  for (std::size_t n = 0; n < clad_.size() && most > least_relief; ++n) {
    const bool net = evidence.openings[n] < net_share * most;
    vote(netted_[n], net);
    if (topped_out) judge(n, net, wrapped, changed.empty() ? -1 : changed[n]);
  }
  if (storeys == 0) {
    reached_ = std::min(reached_, static_cast<int>(Stage::Foundation));  // the count was corrected
    pit_ += vote_share * (evidence.pit - pit_);
    deepest_pit_ = std::max(deepest_pit_, pit_);
  }
  reached_ = std::max(reached_, static_cast<int>(stage(storeys, topped_out)));
}

/// Behind a net that was put up for it the facade is finished when the net comes off; without one,
/// when the storey has come to look otherwise than at topping-out.
void FinishWatch::judge(std::size_t storey, bool net, bool wrapped, double changed) {
  if (wrapped && netted_[storey] > 0.7) was_netted_[storey] = 1;
  if (was_netted_[storey] > 0)
    vote(clad_[storey], !net);
  else if (comparable(storey) && changed >= 0)
    vote(clad_[storey], clad_[storey] > 0.5 || (!net && changed > changed_share));
}

/// Light that none of the pictures knows changes all storeys alike; walls come storey by storey.
/// Once the finishing has begun, storeys that all look new are no trick of light.
void FinishWatch::take_off_light(std::vector<double>& changed) const {
  if (clad_share() >= clad_for_facade_stage) return;
  double alike = 1;
  for (const double share : changed)
    if (share >= 0) alike = std::min(alike, share);
  for (double& share : changed)
    if (share >= 0) share -= alike;
}

/// The platform hid some storeys at topping-out, and the uppermost are still to be closed by walls.
bool FinishWatch::comparable(std::size_t storey) const {
  return covered_at_top_[storey] < 0.5 && storey + infill_behind < clad_.size();
}

double FinishWatch::clad_share() const {
  double clad = 0, judged = 0;
  for (std::size_t n = 0; n < clad_.size(); ++n) {
    if (was_netted_[n] == 0 && !comparable(n)) continue;
    ++judged;
    clad += is_clad(n);
  }
  return judged > 0 ? clad / judged : 0;
}

/// Walls are finished one after the other: between two finished storeys there is no other.
bool FinishWatch::is_clad(std::size_t storey) const {
  const auto clad = [](double vote) { return vote > 0.5; };
  const auto at = clad_.begin() + static_cast<std::ptrdiff_t>(storey);
  return clad(*at) || (std::any_of(clad_.begin(), at, clad) && std::any_of(at, clad_.end(), clad));
}

Stage FinishWatch::stage(int storeys, bool topped_out) const {
  Stage now = Stage::SiteClearing;
  if (deepest_pit_ > 0.1) now = pit_ < 0.5 * deepest_pit_ ? Stage::Foundation : Stage::Excavation;
  if (storeys > 0) now = Stage::Superstructure;
  if (topped_out) {
    const double clad = clad_share();
    now = Stage::ToppedOut;
    if (clad >= clad_for_facade_stage) now = Stage::Facade;
    if (clad >= clad_for_external_works) now = Stage::ExternalWorks;
  }
  return static_cast<Stage>(std::max(reached_, static_cast<int>(now)));
}

std::vector<StoreyState> FinishWatch::bands(int storeys, double top) const {
  std::vector<StoreyState> out;
  for (int n = 0; n < setup_.storeys; ++n) {
    const auto i = static_cast<std::size_t>(n);
    StoreyState state = StoreyState::Background;
    if (n < storeys) {
      state = is_clad(i)                    ? StoreyState::Facade
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
  for (const auto* votes : {&clad_, &covered_at_top_, &netted_, &was_netted_})
    out.put(*votes);
  out.put(std::int32_t{topped_});
  for (const double number : {pit_, deepest_pit_})
    out.put(number);
  out.put(std::int32_t{reached_});
}

bool FinishWatch::restore(BlobReader& in) {
  std::vector<double> votes[4];
  for (auto& v : votes)
    v = in.get_numbers(1024);
  const auto topped = in.get<std::int32_t>();
  double numbers[2];
  for (auto& number : numbers)
    number = in.get<double>();
  const auto reached = in.get<std::int32_t>();
  for (const auto& v : votes)
    if (v.size() != clad_.size()) return false;
  if (!in.ok() || reached < 0 || reached > static_cast<int>(Stage::Completed)) return false;
  clad_ = votes[0];
  covered_at_top_ = votes[1];
  netted_ = votes[2];
  was_netted_ = votes[3];
  topped_ = topped != 0;
  pit_ = numbers[0];
  deepest_pit_ = numbers[1];
  reached_ = reached;
  return true;
}

}  // namespace jieding::vision
