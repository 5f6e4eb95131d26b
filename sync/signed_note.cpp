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

constexpr std::size_t key_id_bytes = 4;
constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // em dash, space

using PublicKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
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

/// UTF-8 without control characters but line feeds (C2SP signed-note, "Format"). Of UTF-8 only the
/// lead and trail bytes are looked at: a signature holds the rest.
bool clean(std::string_view note) {
  int trail = 0;
  for (const char c : note) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) {
      if (--trail < 0) return false;
      continue;
    }
    if (trail > 0 || byte >= 0xF8 || (byte < 0x20 && c != '\n')) return false;
    trail = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  }
  return trail == 0;
}

/// One line of a note's end: em dash, name, signature with the key's id before it.
struct SignatureLine {
  std::string_view name;
  std::string stamped;
};

std::optional<SignatureLine> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_mark)) return std::nullopt;
  line.remove_prefix(signature_mark.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !good_key_name(line.substr(0, space))) return std::nullopt;
  std::optional<std::string> stamped = from_base64(line.substr(space + 1));
  if (!stamped || stamped->size() <= key_id_bytes) return std::nullopt;
  return SignatureLine{line.substr(0, space), std::move(*stamped)};
}

}  // namespace

struct Signer::Key {
  explicit Key(const Seed& seed)
      : pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
             EVP_PKEY_free) {}
  PublicKey pkey;
};

Signer::Signer(VerifierKey key, std::shared_ptr<const Key> secret)
    : public_(std::move(key)), vkey_(public_.vkey()), secret_(std::move(secret)) {}

Result<Signer> Signer::from_seed(std::string name, const Seed& seed) {
  if (!good_key_name(name))
    return Error{Fault::Invalid, "'" + name + "' cannot name a key: no spaces, no +"};
  auto secret = std::make_shared<const Key>(seed);
  std::string public_key(32, '\0');
  std::size_t length = public_key.size();
  if (!secret->pkey ||
      EVP_PKEY_get_raw_public_key(
          secret->pkey.get(), reinterpret_cast<unsigned char*>(public_key.data()), &length) != 1)
    return Error{Fault::Internal, "OpenSSL made no Ed25519 key of the seed"};
  return Signer(verifier_key(std::move(name), public_key), std::move(secret));
}

Result<std::string> Signer::sign(std::string_view text) const {
  return cosign(text, {this});
}

Result<std::string> Signer::signature_line(std::string_view text) const {
  std::array<unsigned char, 64> signature{};
  std::size_t length = signature.size();
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret_->pkey.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, data_of(text), text.size()) != 1)
    return Error{Fault::Internal, "OpenSSL did not sign"};
  const std::string stamped =
      public_.id + std::string(reinterpret_cast<const char*>(signature.data()), length);
  return std::string(signature_mark) + name() + " " + to_base64(stamped) + "\n";
}

Result<std::string> cosign(std::string_view text, const std::vector<const Signer*>& signers) {
  if (text.empty() || text.back() != '\n')
    return Error{Fault::Invalid, "a note's text ends in a line feed"};
  std::string note = std::string(text) + "\n";
  for (const Signer* signer : signers) {
    const Result<std::string> line = signer->signature_line(text);
    if (!line) return line.error();
    note += *line;
  }
  return note;
}

Result<Signer> load_signer(const std::filesystem::path& file, std::string name) {
  Result<std::string> stored = real_files().read(file);
  if (!stored) return stored.error();
  if (!stored->empty() && stored->back() == '\n') stored->pop_back();
  const std::optional<Hash> seed = hash_from_hex(*stored);
  if (!seed)
    return Error{Fault::Invalid, file.string() + " is not a key: one line of 64 hex digits"};
  return Signer::from_seed(std::move(name), *seed);
}

Result<Signer> create_signer(const std::filesystem::path& file, std::string name) {
  Signer::Seed seed;
  if (RAND_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
    return Error{Fault::Internal, "no random numbers for the ledger's key"};
  Result<Signer> signer = Signer::from_seed(std::move(name), seed);
  if (!signer) return signer;
  if (auto written = write_atomically(real_files(), file, to_hex(seed) + "\n"); !written)
    return written.error();
  return signer;
}

Result<std::string> open_note(std::string_view note, const VerifierKey& key) {
  const Error refused{Fault::Refused, "the note carries no good signature by " + key.short_name()};
  const Error malformed{Fault::Invalid, "not a signed note: text, empty line, signatures"};
  const std::size_t end = note.rfind("\n\n");
  if (note.size() > most_note_bytes || end == note.npos || note.back() != '\n' || !clean(note))
    return malformed;
  const std::string_view text = note.substr(0, end + 1);
  std::string_view signatures = note.substr(end + 2);
  if (signatures.empty()) return malformed;
  bool good = false;
  while (!signatures.empty()) {
    const std::string_view line = signatures.substr(0, signatures.find('\n'));
    signatures.remove_prefix(line.size() + 1);
    const std::optional<SignatureLine> found = parse_signature(line);
    if (!found) return malformed;
    if (found->name != key.name || !found->stamped.starts_with(key.id)) continue;
    if (!verify(key.public_key, text, std::string_view(found->stamped).substr(key_id_bytes)))
      return refused;
    good = true;
  }
  if (!good) return refused;
  return std::string(text);
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
  const auto empty = [](std::string_view line) { return line.empty(); };
  if (lines.size() < 3 || std::any_of(lines.begin(), lines.end(), empty)) return wrong;
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
