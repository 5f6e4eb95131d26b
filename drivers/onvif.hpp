#pragma once
// What is said to an ONVIF device, and how its answers are read (ONVIF Core 21.12, Media 21.12:
// SOAP 1.2). Pure. Answers are bounded in length and depth, and may hold no DOCTYPE: no entity is
// ever resolved.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/http_auth.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::drivers::onvif {

inline constexpr std::size_t longest_answer = std::size_t{256} * 1024;
inline constexpr std::string_view content_type = "application/soap+xml; charset=utf-8";

/// Who asks: a UsernameToken (WSS UsernameToken Profile 1.1) that is good for a short while by the
/// device's own clock.
struct Signature {
  const Credentials& credentials;
  std::string nonce;  ///< bytes, used once
  Instant created;    ///< by the device's clock
};

/// Base64(SHA-1(nonce + created + password)).
std::string password_digest(std::string_view nonce, std::string_view created,
                            std::string_view password);

using Signed = std::optional<Signature>;
std::string get_system_date_and_time();
std::string get_capabilities(const Signed& by);
std::string get_services(const Signed& by);
std::string get_profiles(const Signed& by);
std::string get_snapshot_uri(const Signed& by, std::string_view profile);

struct Profile {
  std::string token;
  int width = 0;  ///< px of its pictures; 0: not said
  int height = 0;
};

// Faults of all: Refused (the device does not know who asks), Invalid (not what was asked for, or
// a fault that the device tells).
Result<Instant> read_clock(std::string_view answer);
/// Where the media service is asked, of GetCapabilities and of GetServices.
Result<std::string> read_media_capability(std::string_view answer);
Result<std::string> read_media_service(std::string_view answer);
Result<std::vector<Profile>> read_profiles(std::string_view answer);
Result<std::string> read_snapshot_uri(std::string_view answer);

}  // namespace jieding::drivers::onvif
