#pragma once

#include <boost/json/object.hpp>

#include "sync/quarantine.hpp"

namespace jieding {

/// Refused bytes as operators and their tools read them; `bytes` is base64.
boost::json::object to_json(const sync::Quarantined& quarantined);

}  // namespace jieding
