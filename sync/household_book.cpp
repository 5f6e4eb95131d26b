#include "sync/household_book.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace jieding::sync {

namespace asio = boost::asio;

asio::awaitable<Result<std::uint64_t>> HouseholdBook::count(HouseholdCount count) {
  const auto whole = std::make_shared<const HouseholdCount>(std::move(count));
  std::function<Result<std::uint64_t>(Database&)> work = [this, whole](Database& database) {
    return record(database, *whole);
  };
  co_return co_await journal_.write<std::uint64_t>(std::move(work), Importance::Record);
}

/// On journal.
Result<std::uint64_t> HouseholdBook::record(Database& database, const HouseholdCount& count) {
  if (auto kept = evidence_.must_hold(database, count.document_sha256); !kept) return kept.error();
  return household_table::record(database, ledger_, count);
}

asio::awaitable<Result<std::vector<StoredHouseholdCount>>> HouseholdBook::all() {
  std::function<Result<std::vector<StoredHouseholdCount>>(Database&)> work = household_table::all;
  co_return co_await journal_.read<std::vector<StoredHouseholdCount>>(std::move(work));
}

}  // namespace jieding::sync
