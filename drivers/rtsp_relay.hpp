#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// The way from FFmpeg to one camera and to nowhere else: a loopback port that passes bytes on, and
/// the camera's only through RtspGuard. Thread-bound to io; one connection at a time.
class RtspRelay {
 public:
  struct Camera {
    std::string host;  ///< a name or an address, IPv6 without brackets
    std::uint16_t port = 554;
    bool basic_allowed = false;  ///< see RtspGuard
  };
  RtspRelay(boost::asio::any_io_executor io, Camera camera);
  ~RtspRelay();

  /// The loopback port where the camera is, for the one who comes first, until `close`.
  Result<std::uint16_t> open();
  /// Why bytes did not go on; none: they did.
  std::optional<Error> close();

 private:
  struct Way;
  boost::asio::any_io_executor io_;
  Camera camera_;
  std::shared_ptr<Way> way_;
};

}  // namespace jieding::drivers
