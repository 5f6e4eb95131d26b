#pragma once
// What a camera answers by RTSP, looked at before FFmpeg sees it: FFmpeg would follow a redirect to
// any host, and send the password in the clear where the camera wants that.

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// The side of an RTSP connection (RFC 2326, interleaved) that comes from the camera.
class RtspGuard {
 public:
  explicit RtspGuard(bool basic_allowed) : basic_allowed_(basic_allowed) {}

  /// Bytes as they come; gives those that may go on. A head goes on when it is whole and right, so
  /// what could be read in two ways does not. Errors: Invalid (a redirect, no RTSP), Refused (the
  /// password is wanted in the clear), TooMuch. After one nothing more goes on.
  Result<std::string> pass(std::string_view bytes);

 private:
  Result<std::size_t> length_after(std::string_view head) const;

  bool basic_allowed_;
  std::string held_;      ///< a head that is not whole
  std::size_t rest_ = 0;  ///< of a body or an interleaved packet
};

}  // namespace jieding::drivers
