#pragma once
// Something on the site that the supervision group finds wrong, until it is put right.

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace jieding {

enum class FindingKind { Progress, Quality, Safety };

/// What has become of a finding. None: it was not raised yet.
enum class FindingStatus { None, Open, Answered, PutRight, Closed };

/// What somebody does about it.
enum class FindingAct { Raise, Answer, PutRight, SendBack, Close, SetDue };
inline constexpr std::array finding_acts{FindingAct::Raise,    FindingAct::Answer,
                                         FindingAct::PutRight, FindingAct::SendBack,
                                         FindingAct::Close,    FindingAct::SetDue};

std::string_view to_text(FindingKind kind);
std::string_view to_text(FindingStatus status);
std::string_view to_text(FindingAct act);
std::optional<FindingKind> finding_kind_from_text(std::string_view text);
std::optional<FindingStatus> finding_status_from_text(std::string_view text);
std::optional<FindingAct> finding_act_from_text(std::string_view text);

/// Where it is: a building, perhaps a storey of it, or words, or both.
struct FindingPlace {
  std::string building;      ///< empty: not at a building
  int storey = 0;            ///< counted from 1; 0: none named
  std::string words_sha256;  ///< lower-case hex; empty: no words
};

}  // namespace jieding
