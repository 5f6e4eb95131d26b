#include "gateway/commands/text_of.hpp"

#include <fstream>
#include <iterator>

namespace jieding::commands {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace jieding::commands
