#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jieding::tools::image {

/// The number at `at`, which must be within `bytes`.
template <class Number>
Number read_little_endian(std::string_view bytes, std::size_t at) {
  unsigned long long number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<Number>(number);
}

template <class Number>
void append_little_endian(std::string& to, Number number) {
  unsigned long long rest = number;
  for (std::size_t i = 0; i < sizeof(Number); ++i, rest >>= 8)
    to += static_cast<char>(rest & 0xFF);
}

}  // namespace jieding::tools::image
