#pragma once

namespace jieding::vision {

/// Answers messages on the socket until the other side closes it: 0 then, 1 on a wrong message.
int serve(int socket);

}  // namespace jieding::vision
