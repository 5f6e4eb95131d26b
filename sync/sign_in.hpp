#pragma once
// Sign-in tokens and sessions. Only SHA-256 of a secret is ever stored. Free functions on journal,
// or of the command line over open_database().

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "gateway/domain/result.hpp"
#include "sync/database.hpp"

namespace jieding::sync {

/// The gateway's database from another process (`jieding link`), for one short write.
/// Makes the state folder and the file when they are missing.
Result<std::unique_ptr<Database>> open_database(const std::filesystem::path& state);

enum class TokenKind { Viewer = 0, SignIn = 1 };  ///< stored: never renumber

struct SessionRow {
  std::string user;  ///< empty: a viewer
  std::string csrf;
  std::int64_t expires = 0;  ///< seconds of the runtime clock
};

namespace sign_in {

/// 256 random bits, URL-safe.
std::string random_token();
/// A new token as text; a viewer's token stays good until it expires, a sign-in works once.
Result<std::string> create_token(Database& database, TokenKind kind, const std::string& user,
                                 std::int64_t expires);

struct Redeemed {
  TokenKind kind = TokenKind::Viewer;
  std::string user;
};
/// What an unexpired token would give; leaves it as it is. NotFound: unknown, used or expired.
Result<Redeemed> look_up_token(Database& database, const std::string& token_sha256,
                               std::int64_t now);
/// The same, and a sign-in token is used up.
Result<Redeemed> redeem_token(Database& database, const std::string& token_sha256,
                              std::int64_t now);

/// `id_sha256`: SHA-256 (hex) of the cookie.
Result<void> put_session(Database& database, const std::string& id_sha256, const SessionRow& row);
Result<std::optional<SessionRow>> find_session(Database& database, const std::string& id_sha256,
                                               std::int64_t now);
Result<void> drop_session(Database& database, const std::string& id_sha256);
/// Ends a user's sessions and links; an empty name: those of all viewers.
Result<void> forget_user(Database& database, const std::string& user);
/// The runtime clock begins anew at each boot: on the first call of a boot, what people were given
/// in another one is forgotten, and a viewer's session gets a full new term. On later calls what
/// has expired is forgotten.
Result<void> enter_boot(Database& database);
/// Forgets what has expired.
Result<void> sweep(Database& database, std::int64_t now);

}  // namespace sign_in
}  // namespace jieding::sync
