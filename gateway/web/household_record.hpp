#pragma once
// What the page may ask of the gateway about how many households wait. Implemented over the store
// by the gateway.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "gateway/domain/households.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/web/record.hpp"

namespace jieding::web {

/// A count as a person enters it.
struct HouseholdInput {
  Households households;
  std::string document_sha256;            ///< empty: none
  std::optional<std::uint64_t> corrects;  ///< event of the count that was wrong
};

/// Thread-bound to io.
class HouseholdRecord {
 public:
  virtual ~HouseholdRecord() = default;

  /// Every count, newest first, also those that were corrected.
  virtual boost::asio::awaitable<Result<boost::json::value>> households() = 0;
  /// Writes a count into the record. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> count(Person person,
                                                                   HouseholdInput input) = 0;
};

}  // namespace jieding::web
