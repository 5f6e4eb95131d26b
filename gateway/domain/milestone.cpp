#include "gateway/domain/milestone.hpp"

#include <array>

#include "gateway/domain/names.hpp"

namespace jieding {
namespace {

// clang-format off
constexpr std::array<MilestoneKind, 24> kinds{{
    {"plan_complete",         "安置方案完备", "resettlement plan complete",   false, true},
    {"agreement_signed",      "签约",         "agreements signed",            false, true},
    {"new_plot_cleared",      "新址清零",     "new plot cleared",             false, true},
    {"demolition_start",      "拆迁启动",     "demolition started",           false, true},
    {"plot_cleared",          "清零",         "plot cleared",                 false, true},
    {"construction_start",    "开工",         "construction started",         true,  true},
    {"piling_done",           "桩基完成",     "piling done",                  true,  false},
    {"excavation_done",       "土方开挖完成", "excavation done",              true,  false},
    {"base_slab",             "底板完成",     "base slab cast",               true,  false},
    {"zero_level",            "±0.00",        "structure at ground level",    true,  false},
    {"storey_cast",           "楼层浇筑",     "storey cast",                  true,  false},
    {"topping_out",           "主体结顶",     "topping-out",                  true,  false},
    {"masonry_done",          "二次结构完成", "masonry done",                 true,  false},
    {"facade_done",           "外立面完成",   "facade done",                  true,  false},
    {"scaffold_struck",       "拆架",         "scaffold struck",              true,  false},
    {"external_works_done",   "室外工程完成", "external works done",          true,  false},
    {"facility_ready",        "配套具备",     "facility ready",               false, true},
    {"acceptance",            "竣工验收",     "completion acceptance",        false, true},
    {"completion_filing",     "竣工备案",     "completion filing",            false, true},
    {"handover",              "交付",         "flats handed over",            false, true},
    {"return_preparation",    "回迁筹备",     "preparation of return",        false, true},
    {"return_complete",       "回迁安置",     "return complete",              false, true},
    {"first_registration",    "首次登记",     "first registration",           false, true},
    {"transfer_registration", "转移登记",     "transfer registration",        false, true},
}};
// clang-format on

constexpr std::array<std::string_view, 7> status_names{
    "none", "candidate", "corroborated", "confirmed", "disputed", "withdrawn", "recorded"};
constexpr std::array<std::string_view, 5> owner_names{"box", "contractor", "group", "operator",
                                                      "platform"};
constexpr std::array<std::string_view, 6> act_names{"propose", "claim",    "confirm",
                                                    "dispute", "withdraw", "record"};

}  // namespace

std::span<const MilestoneKind> milestone_kinds() {
  return kinds;
}

const MilestoneKind* find_milestone_kind(std::string_view id) {
  for (const MilestoneKind& kind : kinds) {
    if (kind.id == id) return &kind;
  }
  return nullptr;
}

std::string_view to_text(Status status) {
  return status_names.at(std::size_t(status));
}
std::string_view to_text(Owner owner) {
  return owner_names.at(std::size_t(owner));
}
std::string_view to_text(Act act) {
  return act_names.at(std::size_t(act));
}
std::optional<Status> status_from_text(std::string_view text) {
  return enumerator<Status>(status_names, text);
}
std::optional<Owner> owner_from_text(std::string_view text) {
  return enumerator<Owner>(owner_names, text);
}
std::optional<Act> act_from_text(std::string_view text) {
  return enumerator<Act>(act_names, text);
}

}  // namespace jieding
