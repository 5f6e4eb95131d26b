#include "gateway/gateway_tokens.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "drivers/token.hpp"
#include "sync/token_file.hpp"

namespace jieding {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;

/// A device or camera that comes with a token.
struct Bearer {
  std::string id, name, driver;
  bool camera = false;
  fs::path file;
};

std::vector<Bearer> bearers_of(const config::Config& config) {
  std::vector<Bearer> bearers;
  for (const config::Device& device : config.devices)
    bearers.push_back({device.id, device.name, device.driver, false, {}});
  for (const config::Camera& camera : config.cameras)
    bearers.push_back({camera.id, camera.name, camera.driver, true, {}});
  for (Bearer& bearer : bearers)
    bearer.file = drivers::token_file(config, bearer.id);
  std::erase_if(bearers, [](const Bearer& bearer) { return bearer.file.empty(); });
  return bearers;
}

json::object bearer_json(const Bearer& bearer) {
  const auto token = sync::token_file::look(bearer.file);
  return {{"id", bearer.id},
          {"name", bearer.name},
          {"driver", bearer.driver},
          {"kind", bearer.camera ? "camera" : "device"},
          {"state", !token           ? "missing"
                    : token->revoked ? "revoked"
                                     : "in_force"},
          {"since", token ? json::value(to_rfc3339(token->since)) : json::value(nullptr)}};
}

json::value tokens_json(const std::vector<Bearer>& bearers) {
  json::array tokens;
  for (const Bearer& bearer : bearers)
    tokens.push_back(bearer_json(bearer));
  return {{"tokens", std::move(tokens)}};
}

Error without_token(const std::string& id) {
  return {Fault::NotFound, "no device or camera " + id + " has a token; see its token_file"};
}

/// Files are read and written on journal, where nobody waits for a device.
using LookAtFiles = std::function<Result<json::value>(sync::Database&)>;

LookAtFiles look_at(std::vector<Bearer> bearers) {
  return [bearers = std::move(bearers)](sync::Database&) -> Result<json::value> {
    return tokens_json(bearers);
  };
}

std::function<Result<void>(sync::Database&)> keep(sync::DoorRow note) {
  return [note = std::move(note)](sync::Database& database) {
    return sync::seats::note(database, note);
  };
}

}  // namespace

asio::awaitable<Result<json::value>> GatewayTokens::tokens() {
  LookAtFiles work = look_at(bearers_of(parts_.config));
  co_return co_await parts_.journal.read<json::value>(std::move(work));
}

asio::awaitable<Result<std::string>> GatewayTokens::issue_token(web::Person by, std::string id) {
  const fs::path file = drivers::token_file(parts_.config, id);
  if (file.empty()) co_return without_token(id);
  const auto told = std::make_shared<std::string>();
  std::function<Result<void>()> write = [file, told]() -> Result<void> {
    auto token = sync::token_file::issue(file);
    if (!token) return token.error();
    *told = std::move(*token);
    return {};
  };
  std::function<Result<void>(sync::Database&)> work = keep(note("token_issued", id, by));
  const auto done = co_await parts_.journal.write_after<void>(std::move(write), std::move(work),
                                                              sync::Importance::Record);
  parts_.changed(id);  // also where only the note failed: the file is what holds
  if (!done) co_return done.error();
  co_return *told;
}

asio::awaitable<Result<void>> GatewayTokens::revoke_token(web::Person by, std::string id) {
  const fs::path file = drivers::token_file(parts_.config, id);
  if (file.empty()) co_return without_token(id);
  std::function<Result<void>()> write = [file] { return sync::token_file::revoke(file); };
  std::function<Result<void>(sync::Database&)> work = keep(note("token_revoked", id, by));
  const auto done = co_await parts_.journal.write_after<void>(std::move(write), std::move(work),
                                                              sync::Importance::Record);
  parts_.changed(id);
  co_return done;
}

sync::DoorRow GatewayTokens::note(const char* what, const std::string& id,
                                  const web::Person& by) const {
  return {parts_.clock.now().at, what, id, by.id};
}

}  // namespace jieding
