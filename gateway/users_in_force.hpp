#pragma once
// Who may sign in: the file's users with what the operator set on the page, which stands before it.

#include <vector>

#include "config/config.hpp"
#include "sync/user_table.hpp"

namespace jieding {

struct KnownUser {
  config::User user;
  bool disabled = false;
  bool of_page = false;  ///< the page said the last word about them
};

/// The file's order, then those that only the page knows.
std::vector<KnownUser> known_users(const std::vector<config::User>& of_file,
                                   const std::vector<sync::UserRow>& rows);
/// Those of them who may sign in.
std::vector<config::User> users_in_force(const std::vector<config::User>& of_file,
                                         const std::vector<sync::UserRow>& rows);

}  // namespace jieding
