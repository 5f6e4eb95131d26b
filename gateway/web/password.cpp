#include "gateway/web/password.hpp"

#include <sodium.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <utility>

namespace jieding::web {
namespace {

namespace asio = boost::asio;

constexpr int most_waiting = 8;
constexpr std::size_t shortest_password = 10;  // characters; NIST SP 800-63B asks for eight
constexpr std::size_t longest_password = 256;  // bytes

Error busy() {
  return {Fault::TooMuch, "many are signing in; try again in a few seconds"};
}

std::string hashed(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("no memory to hash a password");
  return text.data();
}

bool verified(const std::string& hash, const std::string& password) {
  if (hash.empty()) {
    hashed(password);  // who guesses names must not see by the time which exist
    return false;
  }
  return sodium_init() >= 0 &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

asio::awaitable<std::string> hash_there(std::string password) {
  co_return hashed(password);
}

asio::awaitable<bool> verify_there(std::string hash, std::string password) {
  co_return verified(hash, password);
}

}  // namespace

std::string wrong_password(const std::string& password) {
  std::size_t characters = 0;
  for (const char byte : password)
    characters += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1U : 0U;
  if (characters < shortest_password)
    return "a password has at least ten characters; a short sentence is good";
  if (password.size() > longest_password) return "a password has at most 256 bytes";
  return {};
}

std::shared_ptr<void> PasswordWork::place() {
  if (waiting_ >= most_waiting) return nullptr;
  ++waiting_;
  return {this, [this](void*) { --waiting_; }};
}

asio::awaitable<Result<std::string>> PasswordWork::hash(std::string password) {
  const auto mine = place();
  if (!mine) co_return busy();
  auto work = hash_there(std::move(password));
  std::string hash = co_await asio::co_spawn(thread_, std::move(work), asio::use_awaitable);
  co_return hash;
}

asio::awaitable<Result<bool>> PasswordWork::fits(std::string hash, std::string password) {
  const auto mine = place();
  if (!mine) co_return busy();
  auto work = verify_there(std::move(hash), std::move(password));
  const bool fits = co_await asio::co_spawn(thread_, std::move(work), asio::use_awaitable);
  co_return fits;
}

}  // namespace jieding::web
