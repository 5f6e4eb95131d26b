#include "sync/sign_in.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "gateway/runtime/clock.hpp"
#include "sync/hash.hpp"
#include "sync/numbers.hpp"
#include "sync/state_folder.hpp"

namespace jieding::sync {

Result<std::unique_ptr<Database>> open_database(const std::filesystem::path& state) {
  if (auto made = make_state_folder(state); !made) return made.error();
  Result<std::unique_ptr<Database>> database = Database::open({database_file(state), {}, true});
  if (!database) return database;
  if (auto migrated = migrate(**database); !migrated)
    return migrated.error().in(database_file(state).string());
  if (auto entered = sign_in::enter_boot(**database); !entered) return entered.error();
  return database;
}

namespace sign_in {
namespace {

/// A viewer's cookie lives so long; the browser renews it at each visit (gateway/web/sessions.hpp).
constexpr std::int64_t viewer_session_term = std::int64_t{30} * 24 * 3600;

std::int64_t runtime_seconds() {
  const auto now = RuntimeClock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::int64_t fingerprint_of_this_boot() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  in >> id;
  const Hash hash = sha256(id);
  std::int64_t number = 0;
  std::memcpy(&number, hash.data(), sizeof number);
  return number;
}

}  // namespace

std::string random_token() {
  std::array<unsigned char, 32> bits{};
  if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1)
    throw std::runtime_error("no random numbers from OpenSSL");
  std::string token = to_base64({reinterpret_cast<const char*>(bits.data()), bits.size()});
  for (char& c : token)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  token.resize(token.find('='));  // 43 characters
  return token;
}

Result<std::string> create_token(Database& database, TokenKind kind, const std::string& user,
                                 std::int64_t expires) {
  const std::string token = random_token();
  if (auto stored =
          database.run("insert into token (sha256, kind, user, expires) values (?, ?, ?, ?)",
                       sha256_hex(token), kind, user, expires);
      !stored)
    return stored.error();
  return token;
}

Result<Redeemed> look_up_token(Database& database, const std::string& token_sha256,
                               std::int64_t now) {
  Statement query = database.prepare(
      "select kind, user from token where sha256 = ? and expires > ?", token_sha256, now);
  const bool found = query.next();
  Redeemed redeemed;
  if (found) redeemed = {static_cast<TokenKind>(query.integer(0)), query.text(1)};
  if (auto done = query.done(); !done) return done.error();
  if (!found)
    return Error{Fault::NotFound, "this link was used already or is too old; ask for a new one"};
  return redeemed;
}

Result<Redeemed> redeem_token(Database& database, const std::string& token_sha256,
                              std::int64_t now) {
  auto redeemed = look_up_token(database, token_sha256, now);
  if (redeemed && redeemed->kind == TokenKind::SignIn) {
    if (auto used = database.run("delete from token where sha256 = ?", token_sha256); !used)
      return used.error();
  }
  return redeemed;
}

Result<void> put_session(Database& database, const std::string& id_sha256, const SessionRow& row) {
  return database.run(
      "insert into session (sha256, user, csrf, expires) values (?, ?, ?, ?)"
      " on conflict (sha256) do update set user = excluded.user, csrf = excluded.csrf,"
      " expires = excluded.expires",
      id_sha256, row.user, row.csrf, row.expires);
}

Result<std::optional<SessionRow>> find_session(Database& database, const std::string& id_sha256,
                                               std::int64_t now) {
  std::optional<SessionRow> found;
  Statement query = database.prepare(
      "select user, csrf, expires from session where sha256 = ? and expires > ?", id_sha256, now);
  if (query.next()) found = SessionRow{query.text(0), query.text(1), query.integer(2)};
  if (auto done = query.done(); !done) return done.error();
  return found;
}

Result<void> drop_session(Database& database, const std::string& id_sha256) {
  return database.run("delete from session where sha256 = ?", id_sha256);
}

Result<void> forget_user(Database& database, const std::string& user) {
  Result<void> done = database.run("delete from session where user = ?", user);
  if (done) done = database.run("delete from token where user = ?", user);
  if (done) done = database.run("delete from password where user = ?", user);
  return done;
}

Result<void> enter_boot(Database& database) {
  const std::int64_t boot = fingerprint_of_this_boot();
  const auto known = numbers::get(database, "boot");
  if (!known) return known.error();
  if (*known == boot) return sweep(database, runtime_seconds());
  Result<void> done = database.run("delete from session where user <> ''");
  if (done)
    done = database.run("update session set expires = ?", runtime_seconds() + viewer_session_term);
  if (done) done = database.run("delete from token where kind = ?", TokenKind::SignIn);
  if (done) done = numbers::set(database, "boot", boot);
  return done;
}

Result<void> sweep(Database& database, std::int64_t now) {
  Result<void> swept = database.run("delete from session where expires <= ?", now);
  if (swept) swept = database.run("delete from token where expires <= ?", now);
  return swept;
}

}  // namespace sign_in
}  // namespace jieding::sync
