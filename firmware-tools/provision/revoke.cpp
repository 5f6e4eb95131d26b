#include <iostream>

#include "drivers/token.hpp"
#include "firmware-tools/provision/commands.hpp"
#include "firmware-tools/provision/sheet.hpp"
#include "sync/sign_in.hpp"
#include "sync/token_file.hpp"

namespace jieding::tools::provision {
namespace {

Result<void> revoke_token(const config::Config& config, const std::string& id) {
  const auto file = drivers::token_file(config, id);
  if (file.empty()) return Error{Fault::NotFound, "no device or camera '" + id + "' has a token"};
  if (auto written = replace(file, sync::token_file::revoked_text()); !written) return written;
  std::cout << "the token of " << id << " opens nothing once the gateway is restarted; `rotate "
            << id << "` gives another one\n";
  return {};
}

/// Beside a running gateway, which remembers sessions until it begins again.
Result<void> forget(const Box& box, const std::string& user) {
  const auto database = sync::open_database(box.state());
  if (!database) return database.error();
  return sync::sign_in::forget_user(**database, user);
}

Result<void> revoke_user(const Box& box, const std::string& user) {
  if (auto forgotten = forget(box, user); !forgotten) return forgotten;
  std::cout
      << user
      << " has no link, no password and, once the gateway is restarted, no session; take [[user]] "
      << user << " out of " << box.configuration().string() << ", so that nobody gives a new one\n";
  return {};
}

Result<void> revoke_viewers(const Box& box, const config::Config& config) {
  if (auto forgotten = forget(box, ""); !forgotten) return forgotten;
  const auto sheet = write_sheet(box, config);
  if (!sheet) return sheet.error();
  std::cout << "once the gateway is restarted, only the viewer link of the new sheet is good: "
            << box.sheet_page().string() << '\n';
  return {};
}

}  // namespace

Result<void> revoke(const Revoke& what) {
  const Box box(what.box);
  const auto config = box.load();
  if (!config) return config.error();
  if (!what.user.empty() && config->user(what.user) == nullptr)
    std::cout << "note: " << what.user << " is no [[user]] of " << box.configuration().string()
              << '\n';
  if (what.dry_run) {
    std::cout << "would revoke " << (what.viewers ? "all viewer links" : what.device + what.user)
              << '\n';
    return {};
  }
  if (!what.device.empty()) return revoke_token(*config, what.device);
  if (what.viewers) return revoke_viewers(box, *config);
  return revoke_user(box, what.user);
}

}  // namespace jieding::tools::provision
