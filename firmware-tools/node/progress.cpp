#include "firmware-tools/node/progress.hpp"

#include <ostream>
#include <string>

namespace jieding::tools::node {
namespace {

using std::chrono::steady_clock;
constexpr std::size_t bar_width = 30;
constexpr std::chrono::milliseconds between_drawings{100};

}  // namespace

ProgressLine::ProgressLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

void ProgressLine::show(std::size_t has, std::size_t of) {
  const auto now = steady_clock::now();
  if (began_ == steady_clock::time_point{}) {
    began_ = now;
    began_with_ = has;
  }
  const int tenth = of == 0 ? 10 : static_cast<int>(has * 10 / of);
  if (terminal_ && has < of && now - drawn_ < between_drawings) return;
  if (!terminal_ && tenth == last_tenth_) return;
  drawn_ = now;
  last_tenth_ = tenth;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const auto rate = static_cast<std::size_t>(
      seconds > 0 && has > began_with_ ? static_cast<double>(has - began_with_) / seconds : 0);
  const std::string figures = std::to_string(has) + " of " + std::to_string(of) + " bytes, " +
                              std::to_string(rate) + " bytes/s";
  if (!terminal_) {
    out_ << figures << std::endl;
    return;
  }
  const std::size_t full = of == 0 ? bar_width : has * bar_width / of;
  out_ << "\r[" << std::string(full, '#') << std::string(bar_width - full, ' ') << "] " << figures
       << "   " << (has < of ? "" : "\n") << std::flush;
}

}  // namespace jieding::tools::node
