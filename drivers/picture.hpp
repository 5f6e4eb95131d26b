#pragma once
// What drivers of cameras know of a picture: they never decode one.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/time.hpp"
#include "gateway/runtime/intake.hpp"

namespace jieding::drivers {

inline constexpr std::size_t largest_picture = std::size_t{12} << 20U;  ///< bytes; as vision's

/// Whether it begins as a JPEG does (ITU-T T.81 §B.1.1.3: SOI, then another marker).
bool is_jpeg(std::string_view bytes);

/// SHA-256 in lower-case hexadecimal: two pictures with one are the same picture.
std::string sha256_of(std::string_view bytes);

/// Notices a camera that shows one picture for ever: noise alone makes two pictures differ.
class Stillness {
 public:
  explicit Stillness(std::chrono::milliseconds patience) : patience_(patience) {}

  /// A picture came at `at`; `frozen`: vision found it to show what the last one showed.
  void note(const std::string& sha256, bool frozen, Instant at);
  /// What is wrong; nothing: the pictures differ, or have not been the same for long.
  std::optional<DeviceHealth> trouble(const std::string& camera) const;

 private:
  std::chrono::milliseconds patience_;
  std::string last_;
  Instant since_{};
  Instant latest_{};
  int repeats_ = 0;
};

/// Whether vision said so of a picture.
bool is_frozen(const FrameAccepted& accepted);

/// `[[camera]]` key `stuck_after`.
inline constexpr std::string_view stuck_after_help =
    "the same picture for so long is a warning; 1h";
inline constexpr std::chrono::milliseconds default_stuck_after = std::chrono::hours{1};

}  // namespace jieding::drivers
