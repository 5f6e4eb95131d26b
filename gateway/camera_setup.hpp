#pragma once
// A camera's corners and masks as JSON: in the ledger, between page and box, and back.

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "gateway/domain/result.hpp"

namespace jieding {

/// `facades` and `masks`.
boost::json::object setup_json(const config::Camera& camera);

/// The camera with what a person set up in place of its corners and masks. Invalid: what is wrong,
/// held to the same law as the file.
Result<config::Camera> set_up(config::Camera camera, const boost::json::object& setup,
                              const config::Config& config);

/// Puts a camera in the place of the one of its id.
void replace(config::Config& config, config::Camera camera);

/// Four corners out of `corners` of an object.
Result<Corners> corners_of(const boost::json::object& object);

}  // namespace jieding
