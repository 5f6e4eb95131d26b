#include <algorithm>
#include <iostream>
#include <limits>

#include "config/page_address.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/commands/text_of.hpp"
#include "gateway/ports_file.hpp"
#include "gateway/runtime/certificate.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/users_in_force.hpp"
#include "sync/sign_in.hpp"

namespace jieding::commands {
namespace {

constexpr std::chrono::minutes sign_in_link_life{15};

/// As the running gateway says, else as configured.
config::Web where_it_listens(const config::Config& config) {
  config::Web web = config.web;
  if (const auto ports = read_ports_file(config.storage.state)) {
    const auto port = ports->find("web");
    if (port != ports->end())
      web.listen = web.listen.substr(0, web.listen.rfind(':') + 1) + std::to_string(port->second);
  }
  return web;
}

/// A page that listens everywhere is called by what its certificate is good for: browsers take no
/// other name.
std::vector<std::string> page_names(const config::Web& web) {
  std::string host = web.listen.substr(0, web.listen.rfind(':'));
  if (host == "0.0.0.0" || host == "[::]") {
    const auto certificate = read_certificate(text_of(web.tls_certificate));
    if (certificate && !certificate->names.empty()) return certificate->names;
  }
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {host};
}

bool may_sign_in(const config::Config& config, sync::Database& database, const std::string& user) {
  const auto rows = sync::user_table::all(database);
  const auto users = users_in_force(config.users, rows ? *rows : std::vector<sync::UserRow>());
  return std::any_of(users.begin(), users.end(), [&](const auto& one) { return one.id == user; });
}

int print_link(const Source& source, sync::TokenKind kind, const std::string& user,
               std::int64_t expires) {
  const auto config = load(source);
  if (!config) return 1;
  auto database = sync::open_database(config->storage.state);
  if (!database) return complain(database.error());
  if (kind == sync::TokenKind::SignIn && !may_sign_in(*config, **database, user)) {
    std::cerr << "jieding: there is no user '" << user << "' in " << source.file
              << " or set on the page; add a [[user]] with this id\n";
    return 1;
  }
  const auto token = sync::sign_in::create_token(**database, kind, user, expires);
  if (!token) return complain(token.error());
  const char* query = kind == sync::TokenKind::Viewer ? "/?viewer=" : "/?signin=";
  const config::Web web = where_it_listens(*config);
  for (const std::string& name : page_names(web))
    std::cout << config::page_address(web, name) << query << *token << '\n';
  return 0;
}

}  // namespace

int link_viewer(const Source& source) {
  return print_link(source, sync::TokenKind::Viewer, {}, std::numeric_limits<std::int64_t>::max());
}

int link_sign_in(const Source& source, const std::string& user) {
  const auto expires = RuntimeClock().now() + sign_in_link_life;
  return print_link(
      source, sync::TokenKind::SignIn, user,
      std::chrono::duration_cast<std::chrono::seconds>(expires.time_since_epoch()).count());
}

}  // namespace jieding::commands
