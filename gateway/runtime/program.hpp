#pragma once
// Another program, run once, within bounds. Blocking.

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"

namespace jieding {

struct ProgramEnd {
  int status = 0;          ///< its exit status
  std::string output;      ///< 64 KiB at most, as the next
  std::string complaints;  ///< what it said on standard error
};

/// For programs that take long: what they say as it comes, and a way to end them.
struct ProgramWatch {
  std::function<void(std::string_view line)> line;  ///< called on the thread that runs it
  std::stop_token stop;
};

/// `words[0]` is the program's path. It has no input and our environment. Unavailable: it cannot be
/// started, or was killed because it took longer than `longest` or was told to stop.
Result<ProgramEnd> run_program(const std::vector<std::string>& words,
                               std::chrono::milliseconds longest, const ProgramWatch& watch = {});

}  // namespace jieding
