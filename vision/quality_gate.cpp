#include "vision/quality_gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "vision/at_share.hpp"

namespace jieding::vision {
namespace {

// Bounds of whole pictures lie between what good and bad ones of four rendered sites show:
//                           281 good    12 blocked   8 out of focus
//   brightest               185 to 253  158 to 229   186 to 219
//   largest void            0 to 0.012  0.54 to 0.94 0
//   empty of the full tiles 0 to 0.40   0.62 to 0.89 0.06 to 1
//   sharpness               3.6 to 7.0  1.6 to 1.9   1.5 to 2.0
// By night half of the picture is a void and half of the tiles are empty as well.
constexpr double darkest_lit = 40;  ///< luminance that the brightest 0.5 % must reach
constexpr double blown_share_most = 0.6;
constexpr double settled = 4;            ///< accepted pictures that make a history
constexpr double longest_memory = 50;    ///< pictures, of what the whole picture usually shows
constexpr double soft_share = 0.6;       ///< of the camera's usual sharpness
constexpr double softest_unknown = 2.4;  ///< sharpness; of a sharp step it is about 4
/// Where most strong edges are a hazy horizon's or a cloud's, the sharpest tenth tells: sharpness
/// of a lens out of focus below, of what is written into the picture above. Of 48 good pictures
/// with such edges 39 lie between, of 20 that were out of focus, or written on, and no fog, none.
constexpr double sharpest_soft = 3.5, sharpest_written = 12;
constexpr double fog_structure = 1.7;  ///< grey levels per pixel at the strongest edges
constexpr double fog_brightness = 70;
/// Standard deviation of luminance below which only what hangs close before the lens, or is
/// written into the picture, can still be sharp.
constexpr double fog_contrast = 6.5;

constexpr double usually = 0.7;  ///< share of pictures in which a tile must have shown structure
constexpr double fewest_tiles = 6;
/// Share of those tiles that are empty, and of the picture that is one void, from which on
/// something hangs before the lens.
constexpr double covered_share = 0.5, void_share_most = 0.25;
/// Structure and standard deviation of luminance of a picture that shows much, only not where this
/// camera does: no fog.
constexpr double much_structure = 2 * fog_structure, much_contrast = 20;

constexpr float cell_memory = 20;     ///< pictures, of a cell's detail
constexpr float least_edge = 0.04F;   ///< of a cell, that speaks of its edges
constexpr float edges_known = 0.08F;  ///< of a cell, usually
constexpr float seen_again = 2;       ///< pictures with edges in a cell that make it known
constexpr float beyond = 0.3F;        ///< of a cell's edges: what has never been soft before
constexpr float wears_off = 0.1F;     ///< of that most, with each picture
constexpr float edge_memory = 12;     ///< pictures
/// Share of all known edges that have run together in a dirty picture. The fewer pictures were
/// seen, the less is known of what else is soft.
constexpr double smeared = 0.007, smeared_first = 20;
constexpr float fewest_edges = 60;  ///< cells full of them
/// Mean luminance, and that of the brightest, between which no lamps light the picture: they have
/// halos, and what they light has other outlines.
constexpr double daylight = 130, lamps = 250;
constexpr float taught = 0.12F;      ///< of what is soft, by a picture refused for it
constexpr int dirt_stays = 8;        ///< pictures in a row after which dirt is what is usual
constexpr double focus_lost = 0.25;  ///< of the median cell
constexpr std::size_t fewest_cells = 25;

}  // namespace

bool is_by_day(const QualityMeasures& now) {
  return now.brightness > daylight && now.brightest < lamps;
}

/// Of the tiles that usually show structure; 0 as long as too few are known.
double QualityGate::missing_share(const QualityMeasures& now) const {
  double usual = 0, missing = 0;
  for (std::size_t i = 0; i < now.empty_tiles.size(); ++i) {
    const bool established = history_.seen >= settled && history_.structured[i] > usually;
    usual += established;
    missing += established && now.empty_tiles[i];
  }
  return usual >= fewest_tiles ? missing / usual : 0;
}

/// Of the cells that are known, the median; as a logarithm. 0 while too few are known.
double QualityGate::detail_lost(const QualityMeasures& now) const {
  std::vector<double> lost;
  for (std::size_t i = 0; i < now.detail.size(); ++i) {
    const History::Cell& cell = history_.cells[i];
    if (static_cast<double>(cell.detail_seen) < settled || std::isnan(now.detail[i])) continue;
    lost.push_back(static_cast<double>(cell.detail - now.detail[i]));
  }
  return lost.size() < fewest_cells ? 0 : median(std::move(lost));
}

/// Of the edges where sharp ones are known: how many are softer than any was there before. Haze and
/// a low sun leave edges sharp, and other ones in the same place are edges as well.
double QualityGate::smeared_share(const QualityMeasures& now) const {
  if (history_.days < settled || !is_by_day(now)) return 0;
  float usual = 0, known = 0, run_together = 0;
  for (std::size_t i = 0; i < now.edges.size(); ++i) {
    const History::Cell& cell = history_.cells[i];
    if (cell.sharp < edges_known || cell.edges_seen < seen_again) continue;
    usual += cell.sharp;
    known += now.edges[i];
    run_together += std::max(0.0F, now.soft_edges[i] - (cell.softest + beyond) * now.edges[i]);
  }
  return static_cast<double>(run_together / std::max({usual, known, fewest_edges}));
}

/// What lies between the site and the sensor; empty for nothing.
std::string QualityGate::obstacle(const QualityMeasures& now, bool other_view) const {
  const bool covered = missing_share(now) > covered_share;
  const bool known = history_.seen >= settled;
  const double lost = detail_lost(now);
  // Where the strongest edges are others than usual, cell by cell tells whether they are softer.
  const double sharp_enough = known ? soft_share * history_.sharpness : softest_unknown;
  const bool in_focus =
      lost == 0 && now.sharpest > sharpest_soft && now.sharpest < sharpest_written;
  const bool soft = now.sharpness < sharp_enough && (lost == 0 || lost > focus_lost);
  if (now.void_share > void_share_most && (covered || soft)) return "blocked";
  if (now.structure < fog_structure || (covered && now.contrast < fog_contrast))
    return now.brightness > fog_brightness ? "fog" : "dark";
  if (soft && !in_focus) return "defocus";
  const bool gone =
      known && covered && now.structure > much_structure && now.contrast > much_contrast;
  const double most = smeared * (1 + smeared_first / std::max(history_.days, 1.0));
  return gone || (!other_view && smeared_share(now) > most) ? "dirty_lens" : "";
}

std::vector<std::string> QualityGate::refuse(const QualityMeasures& now, bool same_as_last,
                                             bool other_view) {
  std::vector<std::string> reasons;
  if (same_as_last) reasons.emplace_back("frozen");
  // Night with lamps is no reason: what matters is whether anything is lit.
  if (now.brightest < darkest_lit) return reasons.emplace_back("dark"), reasons;
  if (now.blown_share > blown_share_most) reasons.emplace_back("blown_out");
  const std::string fault = obstacle(now, other_view);
  if (!fault.empty()) reasons.push_back(fault);
  const bool dirty = fault == "dirty_lens";
  history_.dirty = dirty ? history_.dirty + 1 : 0;
  // Were it a light that was not seen before, and no dirt, the next of it shall pass sooner.
  if (dirty && is_by_day(now)) learn_soft_edges(now, taught);
  if (history_.dirty == dirt_stays) {
    history_.dirty = 0;
    forget_view();
  }
  return reasons;
}

void QualityGate::forget_view() {
  history_.cells = {};
  history_.days = 0;
}

void QualityGate::accept(const QualityMeasures& now) {
  history_.seen = std::min(history_.seen + 1, longest_memory);
  const double share = 1.0 / history_.seen;
  history_.sharpness += share * (now.sharpness - history_.sharpness);
  for (std::size_t i = 0; i < history_.structured.size(); ++i)
    history_.structured[i] += share * ((now.empty_tiles[i] ? 0.0 : 1.0) - history_.structured[i]);
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    if (std::isnan(now.detail[i])) continue;
    History::Cell& cell = history_.cells[i];
    cell.detail_seen = std::min(cell.detail_seen + 1, cell_memory);
    cell.detail += (now.detail[i] - cell.detail) / cell.detail_seen;
  }
  if (is_by_day(now)) learn_edges(now);
}

void QualityGate::learn_edges(const QualityMeasures& now) {
  history_.days = std::min(history_.days + 1, longest_memory);
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    History::Cell& cell = history_.cells[i];
    const float edges = now.edges[i], soft = now.soft_edges[i];
    const float memory = std::min(static_cast<float>(history_.days), edge_memory);
    cell.sharp += (edges - soft - cell.sharp) / memory;
    if (edges < least_edge) continue;
    cell.edges_seen = std::min(cell.edges_seen + 1, edge_memory);
  }
  learn_soft_edges(now, 1);
}

void QualityGate::learn_soft_edges(const QualityMeasures& now, float share) {
  for (std::size_t i = 0; i < history_.cells.size(); ++i) {
    if (now.edges[i] < least_edge) continue;
    float& softest = history_.cells[i].softest;
    const float beyond_it = now.soft_edges[i] / now.edges[i] - softest;
    softest += beyond_it * (beyond_it > 0 ? share : share * wears_off);
  }
}

std::vector<Measure> QualityGate::numbers(const QualityMeasures& now) const {
  return {{"brightness", now.brightness},    {"brightest", now.brightest},
          {"contrast", now.contrast},        {"blown_share", now.blown_share},
          {"structure", now.structure},      {"sharpness", now.sharpness},
          {"sharpest", now.sharpest},        {"usual_sharpness", history_.sharpness},
          {"void_share", now.void_share},    {"missing_share", missing_share(now)},
          {"detail_lost", detail_lost(now)}, {"smeared_share", smeared_share(now)}};
}

void QualityGate::save(BlobWriter& out) const {
  out.put(history_.sharpness);
  out.put(history_.seen);
  for (const double tile : history_.structured)
    out.put(tile);
  out.put(history_.dirty);
  out.put(history_.days);
  for (const auto& cell : history_.cells)
    for (const float number :
         {cell.detail, cell.detail_seen, cell.sharp, cell.edges_seen, cell.softest})
      out.put(number);
}

bool QualityGate::restore(BlobReader& in) {
  history_.sharpness = in.get<double>();
  history_.seen = in.get<double>();
  for (double& tile : history_.structured)
    tile = in.get<double>();
  history_.dirty = in.get<std::int32_t>();
  history_.days = in.get<double>();
  for (auto& cell : history_.cells) {
    for (float* number :
         {&cell.detail, &cell.detail_seen, &cell.sharp, &cell.edges_seen, &cell.softest})
      if (!std::isfinite(*number = in.get<float>())) return false;
    if (cell.detail_seen < 0 || cell.detail_seen > cell_memory) return false;
  }
  if (history_.dirty < 0 || history_.dirty >= dirt_stays) return false;
  return in.ok();
}

}  // namespace jieding::vision
