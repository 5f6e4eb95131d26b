#include "config/toml_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace jieding::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 1 << 20;  ///< bytes; a long policy of masks fits many times

}  // namespace

Result<std::string> read_file(const fs::path& file) {
  const auto fail = [&](Fault kind, const std::string& what) {
    return Error(kind, file.string() + ": " + what);
  };
  std::error_code error;
  if (fs::is_directory(file, error))
    return fail(Fault::Invalid, "a folder; name the TOML file in it");
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return fail(Fault::NotFound,
                std::string(std::strerror(errno)) + "; name a file that can be read");
  }
  const auto size = fs::file_size(file, error);
  if (!error && size > largest_file) {
    return fail(Fault::Invalid, "larger than 1 MiB; name a configuration file");
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::optional<toml::table> parse(std::string_view text, Notes& notes) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    notes.add(std::max<std::uint32_t>(1, error.source().begin.line),
              "not TOML: " + std::string(error.description()) + "; correct this line");
    return std::nullopt;
  }
}

}  // namespace jieding::config
