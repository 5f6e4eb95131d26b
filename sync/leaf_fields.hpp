#pragma once
// Leaves of the ledger read back, to rebuild what was projected from them.

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// Empty or 0 where there is none, or it is of another type.
std::string text_in(const boost::json::object& object, std::string_view name);
std::int64_t number_in(const boost::json::object& object, std::string_view name);

using LeafReader = std::function<Result<void>(std::uint64_t index, const boost::json::object& leaf,
                                              const boost::json::object& data)>;
/// Every event of a type, in the ledger's order. On journal, in the caller's transaction.
Result<void> each_leaf(Database& database, std::string_view type, const LeafReader& read);

}  // namespace jieding::sync
