#include <iostream>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "sync/outbox.hpp"
#include "sync/sign_in.hpp"

namespace jieding::commands {

int outbox_status(const Source& source) {
  const auto config = load(source);
  if (!config) return 1;
  auto database = sync::open_database(config->storage.state);
  if (!database) return complain(database.error());
  const auto status = sync::outbox::status(**database);
  if (!status) return complain(status.error());
  std::cout << "events     " << status->receipted.size << " of " << status->ledger_size
            << " receipted by the platform"
            << (status->receipted.at.empty() ? "" : ", last at " + status->receipted.at) << '\n'
            << "state      " << status->state_waiting << " waiting\n"
            << "evidence   " << status->evidence_waiting << " waiting\n"
            << "telemetry  " << status->telemetry_waiting << " readings waiting, "
            << status->telemetry_dropped << " dropped\n";
  return 0;
}

}  // namespace jieding::commands
