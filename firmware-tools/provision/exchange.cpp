#include "firmware-tools/provision/exchange.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace jieding::tools::provision {

Result<void> exchange(const std::filesystem::path& one, const std::filesystem::path& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return {};
  return Error{Fault::Internal, "exchange " + one.string() + " with " + other.string() + ": " +
                                    std::generic_category().message(errno)};
}

}  // namespace jieding::tools::provision
