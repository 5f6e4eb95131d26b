#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/runtime/clock.hpp"

namespace jieding::drivers {

/// Counts what goes wrong and says so at most once a second: "37 frames refused, last: ...".
class Tally {
 public:
  /// `what` stands after the number: "frames refused".
  Tally(std::string_view component, std::string_view what) : component_(component), what_(what) {}
  ~Tally() { flush(); }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void count(std::string last);
  void flush();

 private:
  std::string_view component_;
  std::string_view what_;
  RuntimeClock clock_;
  RuntimeClock::time_point spoken_{};
  std::size_t unsaid_ = 0;
  std::string last_;
};

}  // namespace jieding::drivers
