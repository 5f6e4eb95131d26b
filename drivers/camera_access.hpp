#pragma once
// How a camera on the network is reached, as its [[camera]] says: shared by all that ask over HTTP.

#include <array>
#include <string>

#include "config/config.hpp"
#include "drivers/http_client.hpp"

namespace jieding::drivers {

/// Of `password_file`: one line. Throws std::runtime_error that says what to do.
std::string read_password(const std::string& whose, const std::filesystem::path& file);

/// Throws std::runtime_error that says what to do.
HttpAccess access_of(const config::Camera& camera);
/// Of the key `url`; the configuration reader has looked at it, others get std::runtime_error.
WebAddress address_of(const config::Camera& camera);

/// The picture that came from there, or why it is none.
Result<std::string> picture_in(HttpAnswer answer, const WebAddress& from);

std::string wrong_url(const config::Settings& camera, const config::Config& before);
std::string wrong_user(const config::Settings& camera, const config::Config& before);
std::string wrong_fingerprint(const config::Settings& camera, const config::Config& before);
std::string wrong_timeout(const config::Settings& camera, const config::Config& before);

inline constexpr std::array access_keys{
    config::Key{"user", config::KeyKind::Text, false, "best one that may only look", wrong_user},
    config::Key{"password_file", config::KeyKind::Path, false,
                "its password: \"secrets/gate.password\""},
    config::Key{"basic_in_clear", config::KeyKind::Boolean, false,
                "send the password unencrypted where a device knows no Digest; false"},
    config::Key{"ca_file", config::KeyKind::Path, false,
                "https: PEM of who signed its certificate; the system's authorities"},
    config::Key{"fingerprint", config::KeyKind::Text, false,
                "https: SHA-256 of its own certificate, instead of any other check",
                wrong_fingerprint},
    config::Key{"timeout", config::KeyKind::Duration, false,
                "of each step: connect, TLS, header, content; 20s", wrong_timeout},
};

/// Several lists of keys as one.
template <std::size_t... Sizes>
constexpr auto joined(const std::array<config::Key, Sizes>&... lists) {
  std::array<config::Key, (Sizes + ...)> all{};
  std::size_t next = 0;
  const auto add = [&](const auto& list) {
    for (const config::Key& key : list)
      all[next++] = key;
  };
  (add(lists), ...);
  return all;
}

}  // namespace jieding::drivers
