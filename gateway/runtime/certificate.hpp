#pragma once
// What an X.509 certificate says of itself: names, days, whether a key is its own.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding {

struct Certificate {
  std::string subject;             ///< common name
  std::vector<std::string> names;  ///< DNS names and IP addresses that it is good for
  Instant not_before, not_after;
  std::string sha256;  ///< of its DER, upper-case hex in pairs with colons, as browsers show it
  bool self_signed = false;
};

/// The first certificate of a PEM text.
Result<Certificate> read_certificate(std::string_view pem);

/// Whether the private key (PEM) belongs to the first certificate of `certificate_pem`.
Result<void> check_key(std::string_view certificate_pem, std::string_view key_pem);

/// Whether it can be shown to whoever asks for `name` (RFC 6125; IP addresses by their bytes).
bool is_good_for(std::string_view certificate_pem, const std::string& name);

}  // namespace jieding
