#pragma once

#include <sys/types.h>

#include <filesystem>

#include "gateway/domain/result.hpp"

namespace jieding::vision {

/// Where a started program finds its end of the socket pair.
inline constexpr int socket_descriptor = 3;

/// A started jieding-vision: its process and our end of the socket pair. Neither is owned.
struct Child {
  pid_t pid = -1;
  int socket = -1;
};

/// Starts the program with the socket on descriptor 3, standard error kept, everything else closed
/// and an empty environment.
Result<Child> start_child(const std::filesystem::path& program);

/// True once the process is gone (and waited for).
bool has_ended(pid_t pid);
/// Kills and waits.
void end_child(pid_t pid);

}  // namespace jieding::vision
