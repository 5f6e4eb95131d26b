#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::tools::provision {

/// Whose the box's files are: the user that the gateway runs as.
struct Owner {
  uid_t user;
  gid_t group;
};

/// `USER` or `USER:GROUP`, names or numbers. Nothing: whoever calls.
Result<std::optional<Owner>> find_owner(const std::string& text);

/// A folder and all below it; links are not followed.
Result<void> give(const std::filesystem::path& folder, const Owner& owner);

}  // namespace jieding::tools::provision
