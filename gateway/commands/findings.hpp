#pragma once

#include <iostream>
#include <string>

namespace jieding::commands {

/// What `jieding check` says: one line per thing looked at. Remembers whether any was bad.
class Findings {
 public:
  void fine(const std::string& what) { std::cout << "  ok    " << what << '\n'; }
  void doubtful(const std::string& what) { std::cout << "  note  " << what << '\n'; }
  void bad(const std::string& what) {
    std::cout << "  BAD   " << what << '\n';
    all_fine_ = false;
  }
  bool all_fine() const { return all_fine_; }

 private:
  bool all_fine_ = true;
};

}  // namespace jieding::commands
