#pragma once
// One line per event on stderr. Never a secret, never a line per bad byte.

#include <string_view>

namespace jieding::log {

enum class Level { Debug, Info, Warning, Error };

void set_level(Level level);

/// `component` is the room that speaks: "hj212", "journal", "uplink" ...
void write(Level level, std::string_view component, std::string_view text);

inline void debug(std::string_view component, std::string_view text) {
  write(Level::Debug, component, text);
}
inline void info(std::string_view component, std::string_view text) {
  write(Level::Info, component, text);
}
inline void warning(std::string_view component, std::string_view text) {
  write(Level::Warning, component, text);
}
inline void error(std::string_view component, std::string_view text) {
  write(Level::Error, component, text);
}

}  // namespace jieding::log
