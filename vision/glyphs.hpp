#pragma once

#include <span>
#include <string_view>

namespace jieding::vision {

constexpr int glyph_em = 48;  ///< px, size at which they were drawn

/// One letter or character, drawn when the program was built (`draw_glyphs.cpp`).
struct Glyph {
  std::string_view character;  ///< UTF-8
  int advance;                 ///< px to where the next one begins
  int left, top;  ///< px from there to its first column, and from its top row down to the baseline
  int width, height;         ///< px
  const unsigned char* ink;  ///< by rows, 255 full
};

/// Printable ASCII, what `overlay_words.cpp` says and `name_characters.txt` lists, in the order of
/// their bytes. Generated.
std::span<const Glyph> glyphs();

}  // namespace jieding::vision
