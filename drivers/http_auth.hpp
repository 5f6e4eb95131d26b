#pragma once
// What an HTTP server asks for before it answers, and what it is told: Basic (RFC 7617) and Digest
// (RFC 7616). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jieding::drivers {

struct Challenge {
  bool digest = false;   ///< else Basic
  bool sha256 = false;   ///< Digest: else MD5
  bool session = false;  ///< Digest: the algorithm ends in -sess
  bool has_qop = false;  ///< Digest without it is that of RFC 2069, which old cameras speak
  bool stale = false;    ///< only the nonce was too old: the password was right
  std::string realm;
  std::string nonce;
  std::string opaque;
};

/// The challenges of a `WWW-Authenticate` that can be answered, strongest first: Digest with
/// SHA-256, Digest with MD5, Basic. Several header lines are joined by commas before.
std::vector<Challenge> parse_challenges(std::string_view header);

struct Credentials {
  std::string user;
  std::string password;
};

/// What is asked for with them.
struct Asked {
  std::string_view method;
  std::string_view target;
  std::string_view cnonce;
  std::uint32_t count = 1;  ///< how often the nonce has been used, this time included
};

/// The value of `Authorization`.
std::string answer_to(const Challenge& challenge, const Credentials& credentials,
                      const Asked& asked);

}  // namespace jieding::drivers
