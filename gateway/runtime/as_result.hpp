#pragma once
// How coroutines of the project await Asio's operations.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace jieding {

/// Errors come back as values: `const auto [error, count] = co_await ...(as_result)`; nothing is
/// thrown.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace jieding
