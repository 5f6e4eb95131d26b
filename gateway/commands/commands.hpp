#pragma once
// What `jieding` can be asked to do: one file per command. Each returns the process's exit code:
// 0 fine, 1 the thing asked for is not so, 2 wrong use.

#include <string>
#include <vector>

#include "config/config.hpp"

namespace jieding::commands {

/// The configuration file and what the command line changes in it (`key.path=value`).
struct Source {
  std::string file;
  std::vector<std::string> overrides;
};

/// Loads the configuration, or prints every complaint on stderr.
std::optional<config::Config> load(const Source& source);

int run(const Source& source);
int check(const Source& source);
int outbox_status(const Source& source);

/// Prints the address with the viewer token, or a one-time sign-in link for a configured user.
int link_viewer(const Source& source);
int link_sign_in(const Source& source, const std::string& user);

struct Replay {
  std::string camera;
  std::string frames;      ///< folder of YYYYMMDDThhmmssZ.jpg
  std::string out;         ///< JSON lines, one per frame
  std::string milestones;  ///< JSON lines; empty: not written
};
int replay(const Source& source, const Replay& what);

}  // namespace jieding::commands
