#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/runtime/http.hpp"
#include "gateway/web/node_record.hpp"
#include "gateway/web/pace.hpp"
#include "gateway/web/sessions.hpp"

namespace jieding::web {

/// The routes by which the operator brings firmware to nodes. Thread-bound to io; record, sessions
/// and clock outlive it, and it outlives the server.
class NodesApi {
 public:
  NodesApi(NodeRecord& record, Sessions& sessions, const RuntimeClock& clock);

  std::vector<http::Route> routes();

 private:
  boost::asio::awaitable<http::Response> list(Person person, http::Request request);
  boost::asio::awaitable<std::optional<http::Response>> admit(http::Request& request);
  boost::asio::awaitable<http::Response> keep(http::Request request);
  boost::asio::awaitable<http::Response> start(Person person, http::Request request);
  boost::asio::awaitable<http::Response> stop(Person person, http::Request request);

  NodeRecord& record_;
  Sessions& sessions_;
  Pace pace_;
  std::weak_ptr<void> handing_in_;  ///< one image at a time in memory
};

}  // namespace jieding::web
