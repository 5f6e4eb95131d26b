// What somebody far away needs to see of a box. Each part is made without secrets; then every
// secret of the box is looked for in all of it, so that one that got into a log does not leave.

#include <sys/utsname.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "config/without_secrets.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/commands/text_of.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/program.hpp"
#include "sync/ledger.hpp"
#include "sync/ledger_key.hpp"
#include "sync/outbox.hpp"
#include "sync/picture_list.hpp"
#include "sync/quarantine.hpp"
#include "sync/state_folder.hpp"

namespace jieding::commands {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t most_log = std::size_t{8} << 20;
constexpr std::size_t most_refusals = 200;
constexpr std::chrono::seconds longest_journal{20};
constexpr std::chrono::seconds longest_packing{60};
constexpr std::size_t shortest_secret = 6;  ///< shorter ones would blot out half of a log
constexpr std::string_view instead = "[left out]";

using Parts = std::map<std::string, std::string>;  ///< by the name in the bundle

std::string pretty(const json::value& value) {
  return json::serialize(value) + "\n";
}

void add_lines(std::set<std::string>& secrets, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    const auto is_blank = [](unsigned char c) { return std::isspace(c) != 0; };
    while (!line.empty() && is_blank(static_cast<unsigned char>(line.back())))
      line.pop_back();
    if (line.size() >= shortest_secret && line.find("-----") == std::string::npos)
      secrets.insert(line);
  }
}

/// Longest first, so that none is only partly left out.
std::vector<std::string> secrets_of(const config::Config& config) {
  std::set<std::string> found;
  std::error_code code;
  for (const auto& entry :
       fs::recursive_directory_iterator(config.storage.state / "secrets", code)) {
    if (entry.is_regular_file()) add_lines(found, entry.path());
  }
  for (const fs::path& file :
       {config.web.tls_key, config.uplink.password_file, config.uplink.key_file}) {
    if (!file.empty()) add_lines(found, file);
  }
  for (const auto& device : config.devices) {
    add_lines(found, device.token_file);
    add_lines(found, device.settings.get<std::string>("sm4_key_file"));
    const auto pw = device.settings.get<std::string>("pw");
    if (pw.size() >= shortest_secret) found.insert(pw);
  }
  for (const auto& camera : config.cameras) {
    for (const char* key : {"token_file", "password_file"})
      add_lines(found, camera.settings.get<std::string>(key));
  }
  std::vector<std::string> all(found.begin(), found.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return all;
}

void leave_out(std::string& text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
      text.replace(at, secret.size(), instead);
  }
}

std::string about(const config::Config& config) {
  utsname system{};
  ::uname(&system);
  const Stamp now = SystemClock().now();
  return pretty(json::object{{"version", JIEDING_VERSION},
                             {"site", config.site.id},
                             {"gateway", config.site.gateway},
                             {"at", to_rfc3339(now.at)},
                             {"time_quality", to_text(now.quality)},
                             {"system", std::string(system.sysname) + " " + system.release},
                             {"machine", system.machine}});
}

/// Sizes of what lies in the state folder, by name; evidence as one sum.
json::object sizes(const fs::path& state) {
  json::object found;
  std::uintmax_t evidence = 0;
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator(state, code)) {
    if (!entry.is_regular_file(code)) continue;
    const fs::path name = entry.path().lexically_relative(state);
    if (*name.begin() == "secrets") continue;
    if (*name.begin() == "evidence")
      evidence += entry.file_size(code);
    else
      found[name.string()] = entry.file_size(code);
  }
  found["evidence"] = evidence;
  return found;
}

Result<json::object> counts(sync::Database& database) {
  const auto outbox = sync::outbox::status(database);
  if (!outbox) return outbox.error();
  const auto refusals = sync::quarantine::counts(database);
  if (!refusals) return refusals.error();
  json::array refused;
  for (const auto& each : *refusals)
    refused.push_back(
        json::object{{"device", each.device}, {"reason", each.reason}, {"count", each.count}});
  return json::object{{"events", outbox->ledger_size},
                      {"events_receipted", outbox->receipted.size},
                      {"state_waiting", outbox->state_waiting},
                      {"evidence_waiting", outbox->evidence_waiting},
                      {"telemetry_waiting", outbox->telemetry_waiting},
                      {"telemetry_dropped", outbox->telemetry_dropped},
                      {"refused", std::move(refused)}};
}

std::string metrics(const config::Config& config, json::object counted) {
  std::error_code code;
  const auto room = fs::space(config.storage.state, code);
  return pretty(json::object{{"disk_free_bytes", code ? 0 : room.available},
                             {"disk_bytes", code ? 0 : room.capacity},
                             {"files", sizes(config.storage.state)},
                             {"load", text_of("/proc/loadavg")},
                             {"memory", text_of("/proc/meminfo").substr(0, 400)},
                             {"uptime", text_of("/proc/uptime")},
                             {"counts", std::move(counted)}});
}

/// Without the bytes: they may hold a password that nobody here knows.
Result<std::string> refusals(sync::Database& database) {
  const auto newest = sync::quarantine::newest(database, most_refusals);
  if (!newest) return newest.error();
  std::string lines;
  for (const sync::Quarantined& each : *newest) {
    lines += pretty(json::object{{"at", to_rfc3339(each.at)},
                                 {"driver", each.refusal.driver},
                                 {"device", each.refusal.device},
                                 {"reason", each.refusal.reason},
                                 {"detail", each.refusal.detail},
                                 {"bytes", each.refusal.bytes.size()}});
  }
  return lines;
}

Result<void> add_record(const config::Config& config, Parts& parts) {
  const auto database = sync::open_to_read(config.storage.state);
  if (!database) return database.error();
  auto counted = counts(**database);
  if (!counted) return counted.error();
  parts["metrics.json"] = metrics(config, std::move(*counted));
  auto lines = refusals(**database);
  if (!lines) return lines.error();
  parts["quarantine.jsonl"] = std::move(*lines);
  const auto head = sync::ledger::last_checkpoint(**database);
  if (!head) return head.error();
  parts["checkpoint"] = head->note;
  const auto signer = sync::load_signer(sync::key_file(config.storage.state),
                                        sync::ledger_origin(config.site.id, config.site.gateway));
  if (signer) parts["vkey"] = signer->vkey() + "\n";
  return {};
}

/// The newest part of it.
std::string log_of(const SupportBundle& what) {
  if (!what.log.empty()) {
    const std::string all = text_of(what.log);
    return all.size() <= most_log ? all : all.substr(all.size() - most_log);
  }
  const auto journal = run_program({"/usr/bin/journalctl", "--unit", "jieding.service",
                                    "--no-pager", "--lines", "600", "--output", "short-iso"},
                                   longest_journal);
  return journal ? journal->output + journal->complaints : journal.error().text() + "\n";
}

Result<void> pack(const Parts& parts, const SupportBundle& what) {
  const fs::path folder = what.out + ".part";
  std::error_code code;
  fs::remove_all(folder, code);
  fs::create_directory(folder, code);
  if (code) return Error{Fault::Internal, "cannot make " + folder.string() + ": " + code.message()};
  fs::permissions(folder, fs::perms::owner_all, code);
  std::vector<std::string> words{"/usr/bin/tar",  "--create",  "--gzip",
                                 "--owner=0",     "--group=0", "--directory",
                                 folder.string(), "--file",    what.out + ".tmp"};
  Result<void> written;
  for (const auto& [name, text] : parts) {
    auto file = NewFile::begin(folder / name, true);
    if (!file) return file.error();
    written = file->write_at(0, text);
    if (written) written = file->finish();
    if (!written) break;
    words.push_back(name);
  }
  if (written) {
    const auto packed = run_program(words, longest_packing);
    if (!packed)
      written = packed.error();
    else if (packed->status != 0)
      written = Error{Fault::Internal, "tar: " + packed->complaints};
  }
  fs::remove_all(folder, code);
  if (!written) return written;
  fs::rename(what.out + ".tmp", what.out, code);
  if (code) return Error{Fault::Internal, "cannot make " + what.out + ": " + code.message()};
  return {};
}

Result<void> make(const Source& source, const config::Config& config, const SupportBundle& what) {
  if (auto may = may_make(what.out, what.force); !may) return may;
  Parts parts{{"about.json", about(config)}, {"log.txt", log_of(what)}};
  auto settings = config::without_secrets(text_of(source.file));
  if (!settings) return settings.error();
  parts["jieding.toml"] = std::move(*settings);
  if (auto added = add_record(config, parts); !added)
    parts["record.txt"] = added.error().text() + "\n";  // all else is wanted the more
  const auto secrets = secrets_of(config);
  for (auto& [name, text] : parts)
    leave_out(text, secrets);
  if (auto packed = pack(parts, what); !packed) return packed;
  for (const auto& [name, text] : parts)
    std::cout << name << "  " << text.size() << " bytes\n";
  std::cout << what.out << ": look through it before you pass it on; names of devices and "
            << "addresses are in it\n";
  return {};
}

}  // namespace

int support_bundle(const Source& source, const SupportBundle& what) {
  const auto config = load(source);
  if (!config) return 1;
  const auto made = make(source, *config, what);
  if (made) return 0;
  return complain(made.error());
}

}  // namespace jieding::commands
