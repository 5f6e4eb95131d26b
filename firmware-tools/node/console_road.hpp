#pragma once

#include "firmware-tools/node/console_frame.hpp"
#include "firmware-tools/node/road.hpp"
#include "firmware-tools/port.hpp"

namespace jieding::tools::node {

/// SMP between the lines of a console. A console that goes away (the node resets, its USB adapter
/// with it) is opened again.
class ConsoleRoad final : public Road {
 public:
  ConsoleRoad(const boost::asio::any_io_executor& io, std::unique_ptr<Port> port);

  boost::asio::awaitable<Result<void>> open() override;
  boost::asio::awaitable<Result<void>> send(std::string packet) override;
  void close() override;

 private:
  boost::asio::awaitable<void> listen();
  boost::asio::awaitable<void> read_to_end();

  boost::asio::any_io_executor io_;
  std::unique_ptr<Port> port_;
  boost::asio::steady_timer pause_, write_limit_;
  bool is_open_ = false;
};

}  // namespace jieding::tools::node
