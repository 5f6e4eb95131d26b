#include "sync/signed_note.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "sync/file_system.hpp"

namespace jieding::sync {
namespace {

constexpr char ed25519_type = 0x01;  // C2SP signed-note, "Signature types"
constexpr std::size_t key_id_bytes = 4;
constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // em dash, space

using PublicKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// First four bytes of SHA-256(name, line feed, type, key).
std::string key_id_of(std::string_view name, std::string_view typed_key) {
  const Hash hash = sha256(name, "\n", typed_key);
  return std::string(bytes_of(hash).substr(0, key_id_bytes));
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

bool good_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '+' || static_cast<unsigned char>(c) <= ' ';
  });
}

bool verify(std::string_view key, std::string_view text, std::string_view signature) {
  const PublicKey public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data_of(key), key.size()),
      EVP_PKEY_free);
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return public_key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
         EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(text),
                          text.size()) == 1;
}

/// A verifier key taken apart: `name+hash+key`.
struct Verifier {
  std::string name;
  std::string key_id;
  std::string key;
};

Result<Verifier> parse_vkey(std::string_view vkey) {
  const Error wrong{Fault::Invalid, "not a verifier key; it reads name+hash+key"};
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
  if (second == vkey.npos) return wrong;
  const std::optional<std::string> typed = from_base64(vkey.substr(second + 1));
  if (!typed || typed->size() != 33 || typed->front() != ed25519_type) return wrong;
  Verifier verifier{std::string(vkey.substr(0, first)), {}, typed->substr(1)};
  verifier.key_id = key_id_of(verifier.name, *typed);
  if (hex(verifier.key_id) != vkey.substr(first + 1, second - first - 1)) return wrong;
  return verifier;
}

}  // namespace

struct Signer::Key {
  explicit Key(const Seed& seed)
      : pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
             EVP_PKEY_free) {}
  PublicKey pkey;
};

Signer::Signer(std::string name, std::shared_ptr<const Key> key, std::string public_key)
    : name_(std::move(name)), key_(std::move(key)) {
  const std::string typed = ed25519_type + public_key;
  key_id_ = key_id_of(name_, typed);
  vkey_ = name_ + "+" + hex(key_id_) + "+" + to_base64(typed);
}

Result<Signer> Signer::from_seed(std::string name, const Seed& seed) {
  if (!good_name(name))
    return Error{Fault::Invalid, "'" + name + "' cannot name a key: no spaces, no +"};
  auto key = std::make_shared<const Key>(seed);
  std::string public_key(32, '\0');
  std::size_t length = public_key.size();
  if (!key->pkey ||
      EVP_PKEY_get_raw_public_key(
          key->pkey.get(), reinterpret_cast<unsigned char*>(public_key.data()), &length) != 1)
    return Error{Fault::Internal, "OpenSSL made no Ed25519 key of the seed"};
  return Signer(std::move(name), std::move(key), std::move(public_key));
}

Result<std::string> Signer::sign(std::string_view text) const {
  if (text.empty() || text.back() != '\n')
    return Error{Fault::Invalid, "a note's text ends in a line feed"};
  std::array<unsigned char, 64> signature{};
  std::size_t length = signature.size();
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pkey.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, data_of(text), text.size()) != 1)
    return Error{Fault::Internal, "OpenSSL did not sign"};
  const std::string stamped =
      key_id_ + std::string(reinterpret_cast<const char*>(signature.data()), length);
  return std::string(text) + "\n" + std::string(signature_mark) + name_ + " " + to_base64(stamped) +
         "\n";
}

Result<Signer> load_or_create_signer(const std::filesystem::path& file, std::string name) {
  Result<std::string> stored = real_files().read(file);
  if (!stored && stored.error().kind() != Fault::NotFound) return stored.error();
  if (!stored) {
    Signer::Seed seed;
    if (RAND_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
      return Error{Fault::Internal, "no random numbers for the ledger's key"};
    stored = to_hex(seed) + "\n";
    if (auto written = write_atomically(real_files(), file, *stored); !written)
      return written.error();
  }
  if (!stored->empty() && stored->back() == '\n') stored->pop_back();
  const std::optional<Hash> seed = hash_from_hex(*stored);
  if (!seed)
    return Error{Fault::Invalid, file.string() + " is not a key: one line of 64 hex digits"};
  return Signer::from_seed(std::move(name), *seed);
}

Result<std::string> open_note(std::string_view note, std::string_view vkey) {
  const Result<Verifier> verifier = parse_vkey(vkey);
  if (!verifier) return verifier.error();
  const Error refused{Fault::Refused, "the note carries no good signature by " + verifier->name};
  const std::size_t end = note.rfind("\n\n");
  if (end == note.npos || note.back() != '\n') return refused;
  const std::string_view text = note.substr(0, end + 1);
  std::string_view signatures = note.substr(end + 2);
  const std::string wanted = std::string(signature_mark) + verifier->name + " ";
  while (!signatures.empty()) {
    const std::string_view line = signatures.substr(0, signatures.find('\n'));
    signatures.remove_prefix(line.size() + 1);
    if (!line.starts_with(wanted)) continue;
    const std::optional<std::string> stamped = from_base64(line.substr(wanted.size()));
    if (!stamped || stamped->size() != key_id_bytes + 64) continue;
    if (stamped->substr(0, key_id_bytes) != verifier->key_id) continue;
    if (verify(verifier->key, text, std::string_view(*stamped).substr(key_id_bytes)))
      return std::string(text);
  }
  return refused;
}

std::string to_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         to_base64(bytes_of(checkpoint.root)) + "\n";
}

Result<Checkpoint> checkpoint_from_text(std::string_view text) {
  const Error wrong{Fault::Invalid, "not a checkpoint: origin, size and root in three lines"};
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return wrong;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() < 3 || lines[0].empty()) return wrong;
  Checkpoint checkpoint{std::string(lines[0]), 0, {}};
  const char* const size_end = lines[1].data() + lines[1].size();
  const auto read = std::from_chars(lines[1].data(), size_end, checkpoint.size);
  const bool leading_zero = lines[1].size() > 1 && lines[1].front() == '0';
  if (read.ec != std::errc() || read.ptr != size_end || leading_zero) return wrong;
  const std::optional<std::string> root = from_base64(lines[2]);
  const std::optional<Hash> hash = root ? hash_from_bytes(*root) : std::nullopt;
  if (!hash) return wrong;
  checkpoint.root = *hash;
  return checkpoint;
}

}  // namespace jieding::sync
