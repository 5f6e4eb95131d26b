#include "gateway/domain/finding.hpp"

#include "gateway/domain/names.hpp"

namespace jieding {
namespace {

constexpr std::array<std::string_view, 3> kind_names{"progress", "quality", "safety"};
constexpr std::array<std::string_view, 5> status_names{"none", "open", "answered", "put_right",
                                                       "closed"};
constexpr std::array<std::string_view, 6> act_names{"raise",     "answer", "put_right",
                                                    "send_back", "close",  "set_due"};

}  // namespace

std::string_view to_text(FindingKind kind) {
  return kind_names.at(std::size_t(kind));
}
std::string_view to_text(FindingStatus status) {
  return status_names.at(std::size_t(status));
}
std::string_view to_text(FindingAct act) {
  return act_names.at(std::size_t(act));
}
std::optional<FindingKind> finding_kind_from_text(std::string_view text) {
  return enumerator<FindingKind>(kind_names, text);
}
std::optional<FindingStatus> finding_status_from_text(std::string_view text) {
  return enumerator<FindingStatus>(status_names, text);
}
std::optional<FindingAct> finding_act_from_text(std::string_view text) {
  return enumerator<FindingAct>(act_names, text);
}

}  // namespace jieding
