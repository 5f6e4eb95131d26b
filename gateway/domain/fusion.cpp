#include "gateway/domain/fusion.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <vector>

namespace jieding {
namespace {

/// A storey takes some three days and more: pictures this close show the same storeys.
constexpr std::chrono::days same_storeys{2};
/// Probability kept for every storey, so that one wrong camera cannot rule out the truth.
constexpr double floor_share = 1e-3;
constexpr double low_quantile = 0.05, high_quantile = 0.95;

using Chances = std::vector<double>;  ///< by storeys cast, 0 to planned

Chances chances_of(const BuildingEstimate& estimate) {
  Chances chances(estimate.bands.size() + 1, floor_share);
  const int top = static_cast<int>(estimate.bands.size());
  const int cast = std::clamp(static_cast<int>(std::lround(estimate.storeys)), 0, top);
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

/// The surest of the cameras that looked lately; of equals the one that has just spoken.
const CameraWord& surest(std::span<const CameraWord> words, Instant newest) {
  const CameraWord* best = nullptr;
  for (const CameraWord& word : words) {
    if (newest - word.at > same_storeys) continue;
    if (best == nullptr || word.estimate.confidence > best->estimate.confidence) best = &word;
  }
  return *best;
}

void widen_to_all(BuildingEstimate& estimate, std::span<const CameraWord> words) {
  for (const CameraWord& word : words) {
    estimate.storeys_low = std::min(estimate.storeys_low, word.estimate.storeys_low);
    estimate.storeys_high = std::max(estimate.storeys_high, word.estimate.storeys_high);
  }
  estimate.confidence /= 2;  // of two that exclude each other one is wrong
}

/// Chances end at the plan: what stands higher one camera alone can say.
void reach_beyond_the_plan(BuildingEstimate& estimate, std::span<const CameraWord> words) {
  for (const CameraWord& word : words) {
    if (word.estimate.storeys_high <= static_cast<int>(word.estimate.bands.size())) continue;
    estimate.storeys_high = std::max(estimate.storeys_high, word.estimate.storeys_high);
    estimate.confidence = std::min(estimate.confidence, word.estimate.confidence);
  }
}

void take_together(BuildingEstimate& estimate, const Chances& chances) {
  const int cast = quantile(chances, 0.5);
  estimate.storeys = cast;
  estimate.storeys_low = quantile(chances, low_quantile);
  estimate.storeys_high = quantile(chances, high_quantile);
  estimate.confidence = std::min(1.0, chances[static_cast<std::size_t>(cast)]);
}

void hold(BuildingEstimate& estimate, const BuildingEstimate& before) {
  estimate.stage = std::max(estimate.stage, before.stage);
  if (estimate.storeys >= before.storeys) return;
  estimate.storeys = before.storeys;
  estimate.storeys_high =
      std::max(estimate.storeys_high, static_cast<int>(std::lround(before.storeys)));
}

}  // namespace

FusedEstimate fuse(std::span<const CameraWord> words,
                   const std::optional<BuildingEstimate>& before) {
  const BuildingEstimate& spoken = words.front().estimate;
  if (words.size() == 1) return {spoken, false};
  Instant newest = words.front().at;
  for (const CameraWord& word : words)
    newest = std::max(newest, word.at);
  FusedEstimate fused{surest(words, newest).estimate, any_contradict(words)};
  fused.estimate.corrected = spoken.corrected;
  fused.estimate.correction = spoken.correction;
  if (fused.disagree)
    widen_to_all(fused.estimate, words);
  else
    take_together(fused.estimate, multiply(words, newest));
  reach_beyond_the_plan(fused.estimate, words);
  if (before && !spoken.corrected) hold(fused.estimate, *before);
  return fused;
}

}  // namespace jieding
