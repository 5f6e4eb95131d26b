#pragma once
// How soon viewers see pictures, as the operator switched it on the page: the newest of the
// ledger's `pictures` events.

#include <string>

#include "gateway/domain/public_pictures.hpp"
#include "sync/database.hpp"
#include "sync/ledger.hpp"

namespace jieding::sync::public_pictures {

/// Free functions on journal, in the caller's transaction.

Result<PublicPictures> get(Database& database);
/// Appends the event and keeps the switch; returns the event's index. `by`: public name.
Result<std::uint64_t> set(Database& database, Ledger& ledger, const PublicPictures& rule,
                          const std::string& by, Stamp said);

}  // namespace jieding::sync::public_pictures
