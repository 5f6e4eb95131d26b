#include "drivers/hj212_seal.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>

#include "drivers/hj212_frame.hpp"
#include "drivers/hj212_message.hpp"

namespace jieding::drivers::hj212 {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t most_keys = 4;

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER* sm4_ecb() {
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> cipher(
      EVP_CIPHER_fetch(nullptr, "SM4-ECB", nullptr));
  return cipher.get();
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const auto end = digits.data() + i + 2;
    const auto read = std::from_chars(digits.data() + i, end, value, 16);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4U];
    text += digits[static_cast<unsigned char>(byte) & 0xFU];
  }
  return text;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// What a wrong key gives is not: its checksum fits once in 256 times.
bool is_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

struct Pieces {
  std::string blocks;     ///< encrypted
  std::string_view rest;  ///< in the clear
};

/// Where the encrypted blocks of a segment's contents end.
std::optional<Pieces> pieces(WireForm form, std::string_view contents) {
  const std::size_t width = form == WireForm::Hex ? 2 : 1;
  const std::size_t on_wire = contents.size() / (block * width) * block * width;
  const auto rest = contents.substr(on_wire);
  if (form == WireForm::Raw) return Pieces{std::string(contents.substr(0, on_wire)), rest};
  auto blocks = from_hex(contents.substr(0, on_wire));
  if (!blocks || rest.size() >= block) return std::nullopt;
  return Pieces{std::move(*blocks), rest};
}

}  // namespace

Result<Sm4Key> Sm4Key::parse(std::string_view text) {
  std::string bytes(text);
  if (text.size() == 2 * block) bytes = from_hex(text).value_or("");
  if (bytes.size() != block) {
    return Error{Fault::Invalid, "a key is 16 characters or 32 hexadecimal digits"};
  }
  Sm4Key key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

std::string Sm4Key::run(std::string_view blocks, bool encrypting) const {
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  std::string out(blocks.size() + block, '\0');
  const auto* in = reinterpret_cast<const unsigned char*>(blocks.data());
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int written = 0;
  const bool done =
      context != nullptr && sm4_ecb() != nullptr &&
      EVP_CipherInit_ex2(context.get(), sm4_ecb(), bytes_.data(), nullptr, encrypting ? 1 : 0,
                         nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), to, &written, in, static_cast<int>(blocks.size())) == 1;
  out.resize(done ? static_cast<std::size_t>(written) : 0);
  return out;
}

Result<std::vector<Sm4Key>> read_keys(const std::filesystem::path& file) {
  if (sm4_ecb() == nullptr) {
    return Error{Fault::Unavailable, "this OpenSSL has no SM4; use one of version 3 with it"};
  }
  std::ifstream in(file);
  std::vector<Sm4Key> keys;
  for (std::string line; keys.size() < most_keys && std::getline(in, line);) {
    while (line.ends_with('\r') || line.ends_with(' '))
      line.pop_back();
    if (line.empty()) continue;
    auto key = Sm4Key::parse(line);
    if (!key) return key.error().in(file.string());
    keys.push_back(*key);
  }
  if (!keys.empty()) return keys;
  return Error{Fault::NotFound, file.string() +
                                    " cannot be read or is empty; write the key into "
                                    "it: 16 characters or 32 hexadecimal digits"};
}

std::optional<std::string> open(const Seal& seal, std::string_view segment, std::uint16_t told) {
  const auto at = segment.find(contents_open);
  if (seal.keys.empty() || at == std::string_view::npos || !segment.ends_with(contents_close)) {
    return std::nullopt;
  }
  const std::size_t head = at + contents_open.size();
  if (segment.size() < head + contents_close.size()) return std::nullopt;
  const auto contents = segment.substr(head, segment.size() - head - contents_close.size());
  const auto parts = pieces(seal.form, contents);
  if (!parts) return std::nullopt;
  for (const Sm4Key& key : seal.keys) {
    std::string plain(segment.substr(0, head));
    plain += key.decrypt(parts->blocks);
    plain += parts->rest;
    plain += contents_close;
    if (checksum(plain) == told && is_text(plain)) return plain;
  }
  return std::nullopt;
}

std::size_t wire_length(const Seal& seal, std::string_view begun, std::size_t declared) {
  const auto at = begun.substr(0, declared).find(contents_open);
  if (seal.keys.empty() || seal.form == WireForm::Raw || at == std::string_view::npos) {
    return declared;
  }
  const std::size_t head = at + contents_open.size();
  if (declared < head + contents_close.size()) return declared;
  if (begun.substr(0, declared).ends_with(contents_close)) return declared;
  const std::size_t plain = declared - head - contents_close.size();
  const std::size_t encrypted = plain / block * block;
  const bool hex = is_hex(begun.substr(head, 2 * encrypted));
  return hex ? declared + encrypted : declared;
}

std::string to_sealed_frame(const Seal& seal, std::string_view segment) {
  std::string frame = to_frame(segment);
  const auto at = frame.find(contents_open);
  const auto end = frame.rfind(contents_close);
  if (seal.keys.empty() || at == std::string::npos) return frame;
  const std::size_t head = at + contents_open.size();
  const std::size_t encrypted = (end - head) / block * block;
  const std::string blocks =
      seal.keys.front().encrypt(std::string_view(frame).substr(head, encrypted));
  return frame.substr(0, head) + (seal.form == WireForm::Hex ? to_hex(blocks) : blocks) +
         frame.substr(head + encrypted);
}

}  // namespace jieding::drivers::hj212
