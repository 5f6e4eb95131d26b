#include "gateway/domain/fusion.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace jieding {
namespace {

/// A storey takes some three days and more: pictures this close show the same storeys.
constexpr std::chrono::days same_storeys{2};
/// Probability kept for every storey, so that one wrong camera cannot rule out the truth.
constexpr double floor_share = 1e-3;
constexpr double low_quantile = 0.05, high_quantile = 0.95;

using Chances = std::vector<double>;  ///< by storeys cast, 0 to planned

/// Whole storeys whose slab is cast; never more than are planned.
int cast_of(const BuildingEstimate& estimate) {
  const int top = static_cast<int>(estimate.bands.size());
  return std::clamp(static_cast<int>(std::lround(estimate.storeys)), 0, top);
}

Chances chances_of(const BuildingEstimate& estimate) {
  Chances chances(estimate.bands.size() + 1, floor_share);
  const int top = static_cast<int>(estimate.bands.size());
  const int cast = cast_of(estimate);
  const int low = std::clamp(estimate.storeys_low, 0, cast);
  const int high = std::clamp(estimate.storeys_high, cast, top);
  for (int n = low; n <= high; ++n)
    if (n != cast) chances[static_cast<std::size_t>(n)] += (1 - estimate.confidence) / (high - low);
  chances[static_cast<std::size_t>(cast)] += estimate.confidence;
  return chances;
}

/// What was seen earlier has grown since: every storey from there on is as likely.
void let_grow(Chances& chances) {
  std::partial_sum(chances.begin(), chances.end(), chances.begin());
}

Chances multiply(std::span<const CameraWord> words, Instant newest) {
  Chances all(words.front().estimate.bands.size() + 1, 1.0);
  for (const CameraWord& word : words) {
    Chances one = chances_of(word.estimate);
    if (newest - word.at > same_storeys) let_grow(one);
    for (std::size_t n = 0; n < std::min(all.size(), one.size()); ++n)
      all[n] *= one[n];
  }
  const double sum = std::accumulate(all.begin(), all.end(), 0.0);
  for (double& chance : all)
    chance /= sum;
  return all;
}

int quantile(const Chances& chances, double share) {
  double sum = 0;
  for (std::size_t n = 0; n < chances.size(); ++n)
    if ((sum += chances[n]) >= share) return static_cast<int>(n);
  return static_cast<int>(chances.size()) - 1;
}

/// A building does not shrink: an earlier word contradicts a later one only by showing more.
bool contradict(const CameraWord& one, const CameraWord& other) {
  const bool close = std::chrono::abs(one.at - other.at) <= same_storeys;
  const CameraWord& earlier = one.at < other.at ? one : other;
  const CameraWord& later = one.at < other.at ? other : one;
  return earlier.estimate.storeys_low > later.estimate.storeys_high ||
         (close && later.estimate.storeys_low > earlier.estimate.storeys_high);
}

bool any_contradict(std::span<const CameraWord> words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t k = i + 1; k < words.size(); ++k)
      if (contradict(words[i], words[k])) return true;
  return false;
}

/// Whose word stands for all, of the cameras that looked lately: the surest of those that say so
/// many storeys; where none does, the surest. Of equals the one that has just spoken.
const BuildingEstimate& spokesman(std::span<const CameraWord> words, Instant newest,
                                  std::optional<int> cast = {}) {
  const auto weight = [&](const CameraWord& word) {
    return std::pair(cast_of(word.estimate) == cast, word.estimate.confidence);
  };
  const CameraWord* best = nullptr;
  for (const CameraWord& word : words) {
    if (newest - word.at > same_storeys) continue;
    if (best == nullptr || weight(word) > weight(*best)) best = &word;
  }
  return best->estimate;
}

/// Where cameras exclude each other: the surest, and a range that holds all of them.
BuildingEstimate contested(std::span<const CameraWord> words, Instant newest) {
  BuildingEstimate estimate = spokesman(words, newest);
  for (const CameraWord& word : words) {
    estimate.storeys_low = std::min(estimate.storeys_low, word.estimate.storeys_low);
    estimate.storeys_high = std::max(estimate.storeys_high, word.estimate.storeys_high);
  }
  estimate.confidence /= 2;  // of two that exclude each other one is wrong
  return estimate;
}

BuildingEstimate agreed(std::span<const CameraWord> words, Instant newest) {
  const Chances chances = multiply(words, newest);
  const int cast = quantile(chances, 0.5);
  BuildingEstimate estimate = spokesman(words, newest, cast);
  estimate.storeys = cast;
  estimate.storeys_low = quantile(chances, low_quantile);
  estimate.storeys_high = quantile(chances, high_quantile);
  estimate.confidence = std::min(1.0, chances[static_cast<std::size_t>(cast)]);
  return estimate;
}

/// Chances end at the plan: what stands higher one camera alone can say.
void reach_beyond_the_plan(BuildingEstimate& estimate, std::span<const CameraWord> words) {
  for (const CameraWord& word : words) {
    if (word.estimate.storeys_high <= static_cast<int>(word.estimate.bands.size())) continue;
    estimate.storeys_high = std::max(estimate.storeys_high, word.estimate.storeys_high);
    estimate.confidence = std::min(estimate.confidence, word.estimate.confidence);
  }
}

void hold(BuildingEstimate& estimate, const BuildingEstimate& before) {
  estimate.stage = std::max(estimate.stage, before.stage);
  if (estimate.storeys >= before.storeys) return;
  estimate.storeys = before.storeys;
  estimate.storeys_high = std::max(estimate.storeys_high, cast_of(before));
}

/// Bands as vision gives them for that many storeys: at least a frame up to the last cast slab, at
/// most being worked on above it.
void stand_up_to_the_figure(BuildingEstimate& estimate) {
  const auto cast = static_cast<std::size_t>(cast_of(estimate));
  for (std::size_t n = 0; n < estimate.bands.size(); ++n) {
    StoreyState& band = estimate.bands[n];
    band = n < cast ? std::max(band, StoreyState::Frame) : std::min(band, StoreyState::Working);
  }
}

}  // namespace

FusedEstimate fuse(std::span<const CameraWord> words,
                   const std::optional<BuildingEstimate>& before) {
  const BuildingEstimate& spoken = words.front().estimate;
  if (words.size() == 1) return {spoken, false};
  Instant newest = words.front().at;
  for (const CameraWord& word : words)
    newest = std::max(newest, word.at);
  const bool disagree = any_contradict(words);
  FusedEstimate fused{disagree ? contested(words, newest) : agreed(words, newest), disagree};
  fused.estimate.corrected = spoken.corrected;
  fused.estimate.correction = spoken.correction;
  reach_beyond_the_plan(fused.estimate, words);
  if (before && !spoken.corrected) hold(fused.estimate, *before);
  stand_up_to_the_figure(fused.estimate);
  return fused;
}

}  // namespace jieding
