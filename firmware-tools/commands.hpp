#pragma once
// What `jieding-link` can be asked to do.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "firmware-tools/replayer.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::tools {

struct Record {
  std::string device_at, to;            ///< places; `to` empty: only listens
  std::string out;                      ///< the recording
  std::string device, firmware, who;    ///< for the header
  std::vector<std::string> notes;       ///< further header lines, KEY: VALUE
  std::chrono::milliseconds longest{};  ///< then it ends
  int most_mb = 16;                     ///< the file grows no larger
  bool keep_secrets = false;
  bool force = false;  ///< may replace `out`
};
Result<void> record(const Record& what);

struct Replay {
  std::string recording;
  std::string place;
  Play play;
};
Result<void> replay(const Replay& what);

struct Watch {
  std::string config;
  std::vector<std::string> overrides;
  std::string of;  ///< id of a device or camera, or name of a driver
  bool acknowledge = false;
  std::optional<std::chrono::milliseconds> longest;
};
Result<void> watch(const Watch& what);

}  // namespace jieding::tools
