#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "gateway/commands/commands.hpp"
#include "gateway/commands/complain.hpp"
#include "gateway/commands/rollout.hpp"
#include "gateway/gateway.hpp"

namespace jieding::commands {
namespace {

/// A thousand stations need more descriptors than the 1024 that a service is given at first.
void allow_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run(const Source& source, bool read_only) {
  auto config = load(source);
  if (!config) return 1;
  auto nodes = load_nodes(source);
  if (!nodes) return 1;
  allow_descriptors();
  boost::asio::io_context io(1);
  auto gateway = Gateway::open(io, std::move(*config), std::move(*nodes), read_only);
  if (!gateway) return complain(gateway.error());
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (!cancelled) (*gateway)->stop();
  });
  int exit_code = 0;
  boost::asio::co_spawn(io, (*gateway)->run(), [&](std::exception_ptr failed, Result<void> ended) {
    if (failed) std::rethrow_exception(failed);
    if (!ended) {
      exit_code = complain(ended.error());
    }
    signals.cancel();
    io.stop();
  });
  io.run();
  return exit_code;
}

}  // namespace jieding::commands
