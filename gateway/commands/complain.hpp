#pragma once

#include <iostream>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::commands {

/// Says on stderr what went wrong, and gives the code that the process ends with.
inline int complain(std::string_view line, int code = 1) {
  std::cerr << "jieding: " << line << '\n';
  return code;
}
inline int complain(const Error& error) {
  return complain(error.text());
}

}  // namespace jieding::commands
