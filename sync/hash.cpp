#include "sync/hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace jieding::sync {
namespace {

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Hash sha256(std::string_view bytes) {
  return sha256(bytes, {});
}

/// OpenSSL 3 looks an algorithm up by its name at each one-shot call, which costs more than hashing
/// a leaf does: it is looked up once, and each thread keeps its state.
Hash sha256(std::string_view first, std::string_view second, std::string_view third) {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state(EVP_MD_CTX_new(),
                                                                                   EVP_MD_CTX_free);
  Hash hash;
  EVP_DigestInit_ex2(state.get(), algorithm.get(), nullptr);
  for (const std::string_view part : {first, second, third})
    EVP_DigestUpdate(state.get(), part.data(), part.size());
  EVP_DigestFinal_ex(state.get(), hash.data(), nullptr);
  return hash;
}

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string to_hex(const Hash& hash) {
  return jieding::to_hex(bytes_of(hash));
}

std::optional<Hash> hash_from_hex(std::string_view text) {
  Hash hash;
  if (text.size() != hash.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return hash;
}

std::optional<Hash> hash_from_bytes(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy_n(data_of(bytes), hash.size(), hash.begin());
  return hash;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP writes a closing zero
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data_of(bytes),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), data_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  if (to_base64(bytes) != text) return std::nullopt;  // EVP forgives white space and stray bits
  return bytes;
}

}  // namespace jieding::sync
