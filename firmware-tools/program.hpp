#pragma once

#include <exception>
#include <iostream>

#include "gateway/domain/result.hpp"

namespace jieding::tools {

/// The exit code of what was asked for: 0, or 1 with the reason on stderr. Wrong use is 2.
inline int told(const char* program, const Result<void>& done) {
  if (done) return 0;
  std::cerr << program << ": " << done.error().text() << '\n';
  return 1;
}

/// A program's `main`: an exception is told like any other error.
inline int guarded(const char* program, int (*run)(int, char**), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace jieding::tools
