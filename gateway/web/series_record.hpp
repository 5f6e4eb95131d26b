#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::web {

/// What the page may ask of the gateway about readings over time. Thread-bound to io.
class SeriesRecord {
 public:
  virtual ~SeriesRecord() = default;
  /// A device's readings of the last day and the limits that hold for them. NotFound: there is no
  /// such device.
  virtual boost::asio::awaitable<Result<boost::json::value>> day_of(std::string device) = 0;
};

}  // namespace jieding::web
