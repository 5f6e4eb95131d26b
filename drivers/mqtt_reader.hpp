#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace jieding::drivers::mqtt {

/// The longest `remaining length` that four bytes of seven bits can say.
inline constexpr std::uint32_t longest_length = 268'435'455;

/// Takes MQTT's kinds of value (5.0 §1.5) from the front of a packet. After the first that is not
/// there or not legal it is `failed` for good and gives zeros and empty texts.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte();
  std::uint16_t two_bytes();
  std::uint32_t four_bytes();
  std::uint32_t variable();   ///< variable byte integer, one to four bytes, no longer than needed
  std::string_view binary();  ///< two bytes of length, then as many
  std::string_view text();    ///< the same in UTF-8 without U+0000 and surrogates
  std::string_view take(std::size_t count);
  std::string_view take_rest() { return take(rest_.size()); }

  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  void fail();

  std::string_view rest_;
  bool failed_ = false;
};

/// UTF-8 as 5.0 §1.5.4 wants it: shortest forms, no surrogates, no U+0000.
bool is_text(std::string_view bytes);

}  // namespace jieding::drivers::mqtt
