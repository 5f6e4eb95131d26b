#include "sync/verifier_key.hpp"

#include <algorithm>
#include <optional>

#include "sync/hash.hpp"

namespace jieding::sync {
namespace {

constexpr char ed25519_type = 0x01;  // C2SP signed-note, "Signature types"
constexpr std::size_t id_bytes = 4;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t fingerprint_digits = 32;

/// SHA-256(name, line feed, type, key): the key's id is its beginning.
Hash key_hash(std::string_view name, std::string_view public_key) {
  return sha256(name, "\n", ed25519_type + std::string(public_key));
}

std::string fingerprint_digits_of(const VerifierKey& key) {
  return to_hex(key_hash(key.name, key.public_key)).substr(0, fingerprint_digits);
}

}  // namespace

std::string VerifierKey::short_name() const {
  return name + "+" + to_hex(key_hash(name, public_key)).substr(0, 2 * id_bytes);
}

std::string VerifierKey::vkey() const {
  return short_name() + "+" + to_base64(ed25519_type + public_key);
}

std::string VerifierKey::fingerprint() const {
  const std::string digits = fingerprint_digits_of(*this);
  std::string grouped;
  for (std::size_t at = 0; at < digits.size(); at += 4)
    grouped += (grouped.empty() ? "" : " ") + digits.substr(at, 4);
  return grouped;
}

VerifierKey verifier_key(std::string name, std::string_view public_key) {
  const Hash hash = key_hash(name, public_key);
  return {std::move(name), std::string(bytes_of(hash).substr(0, id_bytes)),
          std::string(public_key)};
}

Result<VerifierKey> parse_vkey(std::string_view vkey) {
  const Error wrong{Fault::Invalid, "not a verifier key; it reads name+hash+key"};
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
  if (second == vkey.npos) return wrong;
  const std::optional<std::string> typed = from_base64(vkey.substr(second + 1));
  if (!typed || typed->size() != 1 + key_bytes || typed->front() != ed25519_type) return wrong;
  if (!good_key_name(vkey.substr(0, first))) return wrong;
  VerifierKey key = verifier_key(std::string(vkey.substr(0, first)), typed->substr(1));
  if (key.vkey() != vkey) return wrong;
  return key;
}

bool names_key(std::string_view given, const VerifierKey& key) {
  if (given == key.vkey()) return true;
  const Result<std::string> digits = parse_fingerprint(given);
  return digits && *digits == fingerprint_digits_of(key);
}

Result<std::string> parse_fingerprint(std::string_view given) {
  std::string digits;
  for (const char c : given) {
    if (c == ' ' || c == ':' || c == '-') continue;
    digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const bool hex = std::all_of(digits.begin(), digits.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex || digits.size() != fingerprint_digits)
    return Error{Fault::Invalid,
                 "a key is given by its fingerprint, 32 hex digits, or as name+hash+key"};
  return digits;
}

bool good_key_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '+' || static_cast<unsigned char>(c) <= ' ';
  });
}

}  // namespace jieding::sync
