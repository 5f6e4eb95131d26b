#include "sync/user_table.hpp"

#include <boost/json/object.hpp>

namespace jieding::sync::user_table {

Result<std::vector<UserRow>> all(Database& database) {
  std::vector<UserRow> found;
  Statement query =
      database.prepare("select user, name, role, disabled, at from user_account order by user");
  while (query.next()) {
    const auto role = owner_from_text(query.text(2));
    if (!role)
      return Error{Fault::Internal, "user_account: the role of " + query.text(0) + " is unknown"};
    found.push_back({query.text(0), query.text(1), *role, query.integer(3) != 0,
                     Instant(std::chrono::milliseconds(query.integer(4)))});
  }
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> put(Database& database, const UserRow& row) {
  return database.run(
      "insert into user_account (user, name, role, disabled, at) values (?, ?, ?, ?, ?)"
      " on conflict (user) do update set name = excluded.name, role = excluded.role,"
      " disabled = excluded.disabled, at = excluded.at",
      row.user, row.name, std::string(to_text(row.role)), row.disabled ? 1 : 0,
      row.at.time_since_epoch().count());
}

Result<std::uint64_t> tell(Database& database, Ledger& ledger, const UserChange& change) {
  const boost::json::object said{{"act", change.row.disabled ? "disable" : "admit"},
                                 {"person", change.person},
                                 {"role", to_text(change.row.role)},
                                 {"owner", to_text(Owner::Operator)},
                                 {"by", change.by}};
  return ledger.append(database, EventDraft{"user", change.said, said});
}

}  // namespace jieding::sync::user_table
