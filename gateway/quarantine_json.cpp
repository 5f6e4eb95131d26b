#include "gateway/quarantine_json.hpp"

#include "sync/hash.hpp"

namespace jieding {

boost::json::object to_json(const sync::Quarantined& quarantined) {
  const Refusal& refusal = quarantined.refusal;
  return {{"at", to_rfc3339(quarantined.at)},
          {"driver", refusal.driver},
          {"peer", refusal.peer},
          {"device", refusal.device},
          {"reason", refusal.reason},
          {"detail", refusal.detail},
          {"bytes", sync::to_base64(refusal.bytes)}};
}

}  // namespace jieding
