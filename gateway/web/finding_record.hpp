#pragma once
// What the page and its API may ask of the gateway about findings. Implemented over the store and
// vision by the gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/finding.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/runtime/intake.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// What a person does about a finding.
struct FindingInput {
  FindingAct act = FindingAct::Raise;
  std::uint64_t finding = 0;                ///< not when it is raised
  FindingKind kind = FindingKind::Quality;  ///< from here to `place` only when it is raised
  std::string building;                     ///< empty: none
  int storey = 0;                           ///< 0: none
  std::string place;                        ///< in words
  std::string text;
  std::vector<std::string> photos;  ///< SHA-256, as photo() answered
  std::optional<SiteDay> due;
};

/// Thread-bound to io.
class FindingRecord {
 public:
  virtual ~FindingRecord() = default;

  /// Masks a photo and keeps it for the step that will name it. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> photo(Person person,
                                                                   std::string jpeg) = 0;
  /// Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> say(Person person, FindingInput input,
                                                                 std::optional<OnceKey> once) = 0;
  /// What is not closed first, at most `count`, without words. `reader`: as whom somebody signed
  /// in; none: a viewer.
  virtual boost::asio::awaitable<Result<boost::json::value>> findings(
      std::uint64_t count, std::optional<Owner> reader) = 0;
  /// One with its steps. Words are for those who signed in.
  virtual boost::asio::awaitable<Result<boost::json::value>> finding(
      std::uint64_t id, std::optional<Owner> reader) = 0;
};

}  // namespace jieding::web
