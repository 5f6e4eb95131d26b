#pragma once
// Private to server*.cpp.

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "gateway/web/seats.hpp"
#include "gateway/web/server_core.hpp"

namespace jieding::web {

/// Serves one accepted connection until it ends, in a coroutine of its own on io.
/// `client` is how the limits know the peer (client_of).
void serve(std::shared_ptr<ServerCore> core, boost::asio::ip::tcp::socket socket, Seats::Seat seat,
           std::string peer, std::string client);

}  // namespace jieding::web
