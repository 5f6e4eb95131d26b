#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "firmware-tools/node/road.hpp"
#include "firmware-tools/node/smp.hpp"

namespace jieding::tools::node {

/// How long a node may take.
struct Patience {
  std::chrono::milliseconds answer{3'000};      ///< one request; asked again after that
  std::chrono::milliseconds erase{20'000};      ///< the first piece: a slot is erased before it
  std::chrono::milliseconds come_back{60'000};  ///< a reset, with the swap of its images
  int tries = 5;                                ///< of one request
};

/// Asks one node, one thing at a time; what is not answered is asked again. Thread-bound to io.
class Client {
 public:
  Client(Road& road, Patience patience) : road_(road), patience_(patience) {}

  /// The node's own refusal is Refused, silence Unavailable.
  boost::asio::awaitable<Result<cbor::Value>> ask(Command command, cbor::Value map,
                                                  std::chrono::milliseconds patience, int tries);
  boost::asio::awaitable<Result<cbor::Value>> ask(Command command, cbor::Value map);

  boost::asio::awaitable<Result<std::string>> echo(std::string text);
  boost::asio::awaitable<Result<std::vector<SlotState>>> slots();
  boost::asio::awaitable<Result<std::vector<SlotState>>> slots(int tries);
  /// Bytes that a request may have, header included; the least that nodes have, where it says none.
  boost::asio::awaitable<std::size_t> room();
  /// Marks the image with this hash for one boot, or for good.
  boost::asio::awaitable<Result<std::vector<SlotState>>> mark(std::string hash, bool confirm);
  /// Nodes answer before they reset; one that resets at once is taken at its silence.
  boost::asio::awaitable<Result<void>> reset();

  const Patience& patience() const { return patience_; }

 private:
  Road& road_;
  Patience patience_;
  std::uint8_t sequence_ = 0;
};

}  // namespace jieding::tools::node
