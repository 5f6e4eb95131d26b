#include "drivers/picture.hpp"

#include "drivers/digest.hpp"

namespace jieding::drivers {
namespace {

/// One repetition may be a picture sent again because its answer was lost.
constexpr int fewest_repeats = 2;

}  // namespace

bool is_jpeg(std::string_view bytes) {
  return bytes.size() > 4 && bytes.starts_with("\xFF\xD8\xFF");
}

std::string sha256_of(std::string_view bytes) {
  return sha256_hex(bytes);
}

void Stillness::note(const std::string& sha256, bool frozen, Instant at) {
  const bool same = !last_.empty() && (frozen || sha256 == last_);
  repeats_ = same ? repeats_ + 1 : 0;
  if (!same) since_ = at;
  last_ = sha256;
  latest_ = at;
}

std::optional<DeviceHealth> Stillness::trouble(const std::string& camera) const {
  if (repeats_ < fewest_repeats || latest_ - since_ < patience_) return std::nullopt;
  return DeviceHealth{camera, Health::Warning,
                      "stuck: the same picture " + std::to_string(repeats_ + 1) + " times since " +
                          to_rfc3339(since_) + "; restart the camera",
                      since_};
}

bool is_frozen(const FrameAccepted& accepted) {
  return accepted.reasons.find("frozen") != std::string::npos;
}

}  // namespace jieding::drivers
