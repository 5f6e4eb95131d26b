#include <iostream>

#include "drivers/driver.hpp"
#include "gateway/commands/commands.hpp"

namespace jieding::commands {

std::optional<config::Config> load(const Source& source) {
  config::Complaints complaints;
  auto loaded = config::load(source.file, drivers::schemas(), source.overrides, complaints);
  if (loaded) return std::move(loaded).value();
  for (const std::string& complaint : complaints)
    std::cerr << complaint << '\n';
  if (complaints.empty()) std::cerr << loaded.error().text() << '\n';
  return std::nullopt;
}

}  // namespace jieding::commands
