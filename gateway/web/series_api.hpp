#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/api.hpp"
#include "gateway/web/series_record.hpp"

namespace jieding::web {

/// GET /api/v1/devices/{id}/readings, for who may read the record. Thread-bound to io; record and
/// api outlive it, and it outlives the server.
class SeriesApi {
 public:
  SeriesApi(SeriesRecord& record, Api& api) : record_(record), api_(api) {}

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> day(http::Request request);

  SeriesRecord& record_;
  Api& api_;
};

}  // namespace jieding::web
