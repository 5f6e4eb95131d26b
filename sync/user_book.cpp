#include "sync/user_book.hpp"

#include <memory>
#include <utility>

#include "sync/sign_in.hpp"

namespace jieding::sync {
namespace {

struct Wish {
  UserChange change;
  UserBook::Rule rule;
  DoorRow note;
};

Result<std::vector<UserRow>> fulfil(Database& database, Ledger& ledger, const Wish& wish) {
  const auto before = user_table::all(database);
  if (!before) return before.error();
  const auto tell = wish.rule(*before);
  if (!tell) return tell.error();
  const UserRow& row = wish.change.row;
  Result<void> kept = user_table::put(database, row);
  if (kept && row.disabled) kept = sign_in::forget_user(database, row.user);
  if (kept) kept = seats::note(database, wish.note);
  if (!kept) return kept.error();
  if (*tell) {
    const auto told = user_table::tell(database, ledger, wish.change);
    if (!told) return told.error();
  }
  return user_table::all(database);
}

}  // namespace

boost::asio::awaitable<Result<std::vector<UserRow>>> UserBook::change(UserChange change, Rule rule,
                                                                      DoorRow note) {
  const auto wish =
      std::make_shared<const Wish>(Wish{std::move(change), std::move(rule), std::move(note)});
  std::function<Result<std::vector<UserRow>>(Database&)> work = [this, wish](Database& database) {
    return fulfil(database, ledger_, *wish);
  };
  co_return co_await journal_.write<std::vector<UserRow>>(std::move(work), Importance::Record);
}

}  // namespace jieding::sync
