// How right the estimator is on a handful of rendered series: prints a table, fails below a floor.
//   accuracy [SERIES ...]
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/core/utility.hpp>

#include "tests/accuracy/score.hpp"
#include "tests/accuracy/series.hpp"

namespace {

using namespace jieding::accuracy;

constexpr int skipped = 77;  // ctest's SKIP_RETURN_CODE

constexpr bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

std::string cell(const std::optional<double>& value, int decimals) {
  char text[32] = "-";
  if (value) std::snprintf(text, sizeof text, "%.*f", decimals, *value);
  return text;
}

void print_head() {
  std::printf("%-22s %6s %6s %7s %6s %6s %6s %6s %6s %5s %6s %7s %7s\n", "series", "frames",
              "error", "in 1 %", "cov %", "width", "stage%", "bad %", "good %", "back", "topped",
              "named d", "said d");
}

void print(const std::string& name, const Score& s) {
  std::printf("%-22s %6d %6s %7s %6s %6s %6s %6s %6s %5d %6d %7s %7s\n", name.c_str(), s.frames,
              cell(s.rising_error, 2).c_str(), cell(s.within_one, 0).c_str(),
              cell(s.covered, 0).c_str(), cell(s.width, 2).c_str(), cell(s.stage, 0).c_str(),
              cell(s.bad_refused, 0).c_str(), cell(s.good_refused, 0).c_str(), s.steps_back,
              s.topped_out, cell(s.named_days, 1).c_str(), cell(s.said_days, 1).c_str());
  std::fflush(stdout);
}

/// Collects what is worse than its floor.
class Verdict {
 public:
  explicit Verdict(std::string series) : series_(std::move(series)) {}

  void at_least(const char* what, const std::optional<double>& value, double floor) {
    if (value && *value < floor) fail(what, *value, "below", floor);
  }
  void at_most(const char* what, const std::optional<double>& value, double most) {
    if (value && *value > most) fail(what, *value, "above", most);
  }
  bool good() const { return good_; }

 private:
  void fail(const char* what, double value, const char* side, double limit) {
    std::printf("FAILED: %s: %s %.2f is %s %.2f\n", series_.c_str(), what, value, side, limit);
    good_ = false;
  }
  std::string series_;
  bool good_ = true;
};

bool holds(const Series& series, const Score& s) {
  const Floors& f = series.floors;
  Verdict verdict(series.name);
  verdict.at_most("error while rising", s.rising_error, f.rising_error);
  verdict.at_least("within one storey", s.within_one, f.within_one);
  verdict.at_least("interval covers", s.covered, f.covered);
  verdict.at_most("width of the interval", s.width, f.most_width);
  verdict.at_least("right stage", s.stage, f.stage);
  verdict.at_least("bad pictures refused", s.bad_refused, f.bad_refused.value_or(0));
  if (!f.bad_refused) verdict.at_most("bad pictures refused", s.bad_refused, 0);
  verdict.at_most("good pictures refused", s.good_refused, f.most_good_refused);
  verdict.at_most("steps back", s.steps_back, 0);
  verdict.at_least("topping-out said, days after", s.said_days, 0);
  const int proposed = f.topping_out ? 1 : 0;
  verdict.at_least("topping-out proposed, times", s.topped_out, proposed);
  verdict.at_most("topping-out proposed, times", s.topped_out, proposed);
  if (!f.topping_out || !s.named_days) return verdict.good();
  verdict.at_most("topping-out said, days after", s.said_days, f.topping_out->most_said_late);
  verdict.at_most("day of topping-out off by", std::abs(*s.named_days),
                  f.topping_out->most_named_off);
  return verdict.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (sanitized()) {
    std::puts("skipped: rendering and estimating take minutes under a sanitizer");
    return skipped;
  }
  // Picture-sized blocks are used again for the next picture, as in render_site.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  cv::setNumThreads(1);
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  print_head();
  bool good = true;
  int played = 0;
  for (const Series& series : all_series()) {
    const bool skip =
        !wanted.empty() && std::find(wanted.begin(), wanted.end(), series.name) == wanted.end();
    if (skip) continue;
    const Score result = score(jieding::scenes::Site(series.wishes));
    print(series.name, result);
    good = holds(series, result) && good;
    ++played;
  }
  if (played == 0) std::puts("no such series");
  return good && played > 0 ? 0 : 1;
}
