#include <iostream>
#include <limits>

#include "gateway/commands/commands.hpp"
#include "gateway/ports_file.hpp"
#include "gateway/runtime/clock.hpp"
#include "sync/sign_in.hpp"

namespace jieding::commands {
namespace {

constexpr std::chrono::minutes sign_in_link_life{15};

/// Where the page is: as the running gateway says, else as configured.
std::string page_address(const config::Config& config) {
  std::string listen = config.web.listen;
  if (const auto ports = read_ports_file(config.storage.state)) {
    const auto web = ports->find("web");
    if (web != ports->end()) {
      listen = listen.substr(0, listen.rfind(':') + 1) + std::to_string(web->second);
    }
  }
  return (config.web.tls_certificate.empty() ? "http://" : "https://") + listen;
}

int print_link(const Source& source, sync::TokenKind kind, const std::string& user,
               std::int64_t expires) {
  const auto config = load(source);
  if (!config) return 1;
  if (kind == sync::TokenKind::SignIn && !config->user(user)) {
    std::cerr << "jieding: there is no user '" << user << "' in " << source.file
              << "; add a [[user]] with this id\n";
    return 1;
  }
  auto database = sync::open_database(config->storage.state);
  if (!database) {
    std::cerr << "jieding: " << database.error().text() << '\n';
    return 1;
  }
  const auto token = sync::sign_in::create_token(**database, kind, user, expires);
  if (!token) {
    std::cerr << "jieding: " << token.error().text() << '\n';
    return 1;
  }
  const char* query = kind == sync::TokenKind::Viewer ? "/?viewer=" : "/?signin=";
  std::cout << page_address(*config) << query << *token << '\n';
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
