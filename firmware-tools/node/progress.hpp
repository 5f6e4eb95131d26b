#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>

namespace jieding::tools::node {

/// How far an upload is, for people: a bar on a terminal, elsewhere a line each tenth.
class ProgressLine {
 public:
  ProgressLine(std::ostream& out, bool terminal);

  void show(std::size_t has, std::size_t of);

 private:
  std::ostream& out_;
  bool terminal_;
  int last_tenth_ = -1;
  std::size_t began_with_ = 0;
  std::chrono::steady_clock::time_point began_{}, drawn_{};
};

}  // namespace jieding::tools::node
