#pragma once
// Another program, run once, within bounds. Blocking.

#include <chrono>
#include <string>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding {

struct ProgramEnd {
  int status = 0;          ///< its exit status
  std::string output;      ///< 64 KiB at most, as the next
  std::string complaints;  ///< what it said on standard error
};

/// `words[0]` is the program's path. It has no input and our environment. Unavailable: it cannot be
/// started, or was killed because it took longer than `longest`.
Result<ProgramEnd> run_program(const std::vector<std::string>& words,
                               std::chrono::milliseconds longest);

}  // namespace jieding
