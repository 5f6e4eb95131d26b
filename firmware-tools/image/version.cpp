#include "firmware-tools/image/version.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace jieding::tools::image {
namespace {

/// A number without leading zeros, and what must stand before it.
struct Field {
  char before;
  std::uint64_t most;
};
constexpr std::array fields{Field{'\0', std::numeric_limits<std::uint8_t>::max()},
                            Field{'.', std::numeric_limits<std::uint8_t>::max()},
                            Field{'.', std::numeric_limits<std::uint16_t>::max()},
                            Field{'+', std::numeric_limits<std::uint32_t>::max()}};

/// Takes a number from the front.
bool take(std::string_view& text, std::uint64_t most, std::uint64_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (failed != std::errc{} || number > most || (text[0] == '0' && length > 1)) return false;
  text.remove_prefix(length);
  return true;
}

}  // namespace

Result<Version> parse_version(std::string_view text) {
  const Error wrong{Fault::Invalid, "'" + std::string(text.substr(0, 40)) +
                                        "' is no version; write 1.2.3+4, at most 255.255.65535"};
  std::array<std::uint64_t, fields.size()> numbers{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0 && text.empty()) break;
    if (i > 0) {
      if (text[0] != fields[i].before) return wrong;
      text.remove_prefix(1);
    }
    if (!take(text, fields[i].most, numbers[i])) return wrong;
  }
  if (!text.empty()) return wrong;
  return Version{static_cast<std::uint8_t>(numbers[0]), static_cast<std::uint8_t>(numbers[1]),
                 static_cast<std::uint16_t>(numbers[2]), static_cast<std::uint32_t>(numbers[3])};
}

std::string to_text(const Version& version) {
  std::string text = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                     std::to_string(version.revision);
  if (version.build != 0) text += "+" + std::to_string(version.build);
  return text;
}

}  // namespace jieding::tools::image
