#include <boost/json/serialize.hpp>
#include <iostream>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/quarantine_json.hpp"
#include "gateway/runtime/new_file.hpp"
#include "sync/sign_in.hpp"

namespace jieding::commands {
namespace {

Result<std::vector<sync::Quarantined>> find(const Source& source, const Quarantine& what) {
  const auto config = load(source);
  if (!config) return Error{Fault::Invalid, "the configuration is wrong"};
  auto database = sync::open_database(config->storage.state);
  if (!database) return database.error();
  auto all = sync::quarantine::newest(**database,
                                      static_cast<std::size_t>(config->storage.quarantine_rows));
  if (!all) return all;
  std::erase_if(*all, [&](const sync::Quarantined& each) {
    return (!what.device.empty() && each.refusal.device != what.device) ||
           (!what.reason.empty() && each.refusal.reason != what.reason);
  });
  return all;
}

std::string_view or_dash(const std::string& text) {
  return text.empty() ? std::string_view("-") : std::string_view(text);
}

/// Bytes of a terminal's own language stay out of it.
std::string printable(std::string_view bytes, std::size_t most) {
  std::string text(bytes.substr(0, most));
  for (char& c : text) {
    if (c < 0x20 || c > 0x7E) c = '.';
  }
  return bytes.size() > most ? text + "..." : text;
}

}  // namespace

int quarantine_list(const Source& source, const Quarantine& what) {
  const auto found = find(source, what);
  if (!found) return complain(found.error());
  constexpr std::size_t longest_line = 160;
  std::size_t left = what.count;
  for (const sync::Quarantined& each : *found) {
    if (left-- == 0) break;
    const Refusal& refusal = each.refusal;
    std::cout << to_rfc3339(each.at) << "  " << refusal.driver << "  " << or_dash(refusal.device)
              << "  " << or_dash(refusal.peer) << "  " << refusal.reason << ": " << refusal.detail
              << '\n';
    if (!refusal.bytes.empty()) {
      std::cout << "    " << refusal.bytes.size()
                << " bytes: " << printable(refusal.bytes, longest_line) << '\n';
    }
  }
  return 0;
}

int quarantine_export(const Source& source, const Quarantine& what) {
  const auto found = find(source, what);
  if (!found) return complain(found.error());
  auto file = NewFile::begin(what.out, what.force);
  if (!file) return complain(file.error());
  std::string lines;
  for (auto each = found->rbegin(); each != found->rend(); ++each)
    lines += boost::json::serialize(to_json(*each)) + "\n";
  if (auto written = file->write_at(0, lines); !written) return complain(written.error());
  if (auto done = file->finish(); !done) return complain(done.error());
  std::cout << found->size() << " refusals in " << what.out << ", the oldest first\n";
  return 0;
}

}  // namespace jieding::commands
