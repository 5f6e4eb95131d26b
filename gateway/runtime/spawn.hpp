#pragma once
// Another program as a child.

#include <sys/types.h>

#include <string>
#include <vector>

namespace jieding {

/// Begins with nothing of ours but what is given here: no other descriptor is open, no signal is
/// blocked or ignored.
struct Spawn {
  std::string program;                ///< its path
  std::vector<std::string> words;     ///< how it is called, then its arguments
  std::vector<int> descriptors;       ///< ours that become its 0, 1, 2 and so on
  bool with_environment = false;      ///< ours; else it has none
  bool leads_group = false;           ///< so that what it starts can be ended with it
  static constexpr int nowhere = -1;  ///< among `descriptors`: /dev/null
};

/// 0 and the child's id, or errno.
int spawn(Spawn what, pid_t& pid);

}  // namespace jieding
