#include "gateway/users_in_force.hpp"

#include <algorithm>

namespace jieding {

std::vector<KnownUser> known_users(const std::vector<config::User>& of_file,
                                   const std::vector<sync::UserRow>& rows) {
  std::vector<KnownUser> known;
  for (const config::User& user : of_file)
    known.push_back({user, false, false});
  for (const sync::UserRow& row : rows) {
    const auto same = [&](const KnownUser& one) { return one.user.id == row.user; };
    const auto found = std::find_if(known.begin(), known.end(), same);
    KnownUser& one = found == known.end() ? known.emplace_back() : *found;
    one = {{row.user, row.name, row.role}, row.disabled, true};
  }
  return known;
}

std::vector<config::User> users_in_force(const std::vector<config::User>& of_file,
                                         const std::vector<sync::UserRow>& rows) {
  std::vector<config::User> users;
  for (KnownUser& one : known_users(of_file, rows))
    if (!one.disabled) users.push_back(std::move(one.user));
  return users;
}

}  // namespace jieding
