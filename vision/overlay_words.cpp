// Every character of this file is drawn into the program (draw_glyphs.cpp).
#include "vision/overlay_words.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

#include "vision/shown_name.hpp"

namespace jieding::vision {
namespace {

/// As the page names them, in the order of `Stage`.
constexpr std::array<std::string_view, 8> chinese_stages{
    "场地平整", "基坑开挖", "基础施工", "主体结构", "主体到顶", "外立面施工", "室外工程", "完工"};
constexpr std::array<std::string_view, 8> english_stages{
    "site clearing", "excavation",   "foundation",     "superstructure",
    "topped out",    "facade works", "external works", "completed"};

/// As it is written: a sum of such figures is right for whoever checks it.
double tenths(double value) {
  return std::round(value * 10) / 10;
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", tenths(value));
  return text;
}

std::string whole(double value) {
  return std::to_string(std::lround(value));
}

std::optional<double> ground(const BuildingEstimate& estimate, std::string_view name) {
  for (const Measure& one : estimate.grounds)
    if (one.name == name) return one.value;
  return {};
}

CaptionLine headline(const BuildingEstimate& estimate, const std::string& name) {
  std::string figure = shown_name(name, estimate.building) + "：" + whole(estimate.storeys) + "/" +
                       std::to_string(estimate.bands.size());
  std::string interval;
  if (estimate.storeys_low != estimate.storeys_high)
    interval = " (" + std::to_string(estimate.storeys_low) + "–" +
               std::to_string(estimate.storeys_high) + ")";
  const auto stage = static_cast<std::size_t>(estimate.stage);
  return {figure + " 层" + interval + "，" + std::string(chinese_stages.at(stage)),
          std::string(english_stages.at(stage))};
}

std::optional<CaptionLine> sum(const BuildingEstimate& estimate) {
  const auto top = ground(estimate, "top_edge");
  if (!top) return {};
  const std::string edge = "楼体最高 " + short_number(*top) + " 层";
  if (ground(estimate, "no_storey")) return CaptionLine{"地面以上还没有楼层", "no storey yet"};
  if (ground(estimate, "roof_stands")) return CaptionLine{edge + "，屋面已做完", "the roof stands"};
  const auto ahead = ground(estimate, "works_ahead");
  if (!ahead) return CaptionLine{edge, "top edge"};
  return CaptionLine{edge + " − 施工中 " + short_number(*ahead) +
                         " 层 = " + short_number(tenths(*top) - tenths(*ahead)) + " 层",
                     "top edge − works"};
}

std::optional<CaptionLine> remark(const BuildingEstimate& estimate) {
  if (const auto before = ground(estimate, "went_back_from"))
    return CaptionLine{"原先显示 " + whole(*before) + " 层，已改正",
                       "corrected: was " + whole(*before)};
  if (ground(estimate, "beyond_plan"))
    return CaptionLine{"高过计划的层数，请核对", "higher than planned: check the plan"};
  const auto end = ground(estimate, "view_ends");
  if (end && ground(estimate, "by_pace"))
    return CaptionLine{"画面只照到 " + short_number(*end) + " 层，再往上按快慢推算",
                       "reckoned by pace above the picture"};
  if (end)
    return CaptionLine{"画面只照到 " + short_number(*end) + " 层，上面看不见",
                       "the picture ends here"};
  if (const auto told = ground(estimate, "told"))
    return CaptionLine{"装镜头时已建 " + whole(*told) + " 层，是人报的，画面还没数清",
                       "told by people, not counted yet"};
  if (ground(estimate, "outweighed"))
    return CaptionLine{"和之前多张画面对不上，以之前的为准", "outweighed by earlier pictures"};
  if (ground(estimate, "light_unknown"))
    return CaptionLine{"这样的光线以前没见过，把握小一些", "light not seen before: less sure"};
  if (ground(estimate, "counted") == estimate.storeys)
    return CaptionLine{"有人数过，层数相同", "people counted the same"};
  return {};
}

}  // namespace

std::vector<CaptionLine> caption_of(const BuildingEstimate& estimate, const std::string& name) {
  std::vector<CaptionLine> out{headline(estimate, name)};
  for (auto line : {sum(estimate), remark(estimate)})
    if (line) out.push_back(*std::move(line));
  return out;
}

}  // namespace jieding::vision
