#pragma once
// TLS keys and certificates of a box, by OpenSSL. Keys are ECDSA P-256: browsers take no Ed25519.

#include <span>
#include <string>

#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"

namespace jieding::tools::provision {

/// Browsers and phones refuse certificates that live longer than 825 days.
inline constexpr std::chrono::days box_term{800};
/// As long as a site, and a box, may stand.
inline constexpr std::chrono::days authority_term{3653};

/// Whom a certificate names: host names and IP addresses.
using Names = std::span<const std::string>;

/// A private key (PKCS #8, PEM).
Result<std::string> new_tls_key();

/// An authority that can sign for these names only (name constraints, RFC 5280 4.2.1.10), so that
/// whoever takes its key can pretend to be nobody else.
Result<std::string> make_authority(const std::string& key, const std::string& name, Names names,
                                   Instant now);

struct Signing {
  const std::string& certificate;  ///< of the authority
  const std::string& key;          ///< of the authority
};
/// A server's certificate over the public half of `key`.
Result<std::string> issue(Signing by, const std::string& key, Names names, Instant now);

/// One that signs for itself, until an authority's comes.
Result<std::string> self_signed(const std::string& key, Names names, Instant now);

/// A request for an authority (PKCS #10, PEM).
Result<std::string> request(const std::string& key, Names names);

}  // namespace jieding::tools::provision
