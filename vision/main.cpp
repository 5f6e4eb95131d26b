// jieding-vision: the process that decodes pictures. It holds no credentials, opens no network and
// no file, reads no configuration; all it has is the socket on descriptor 3.

#include <fcntl.h>

#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>

#include "vision/child.hpp"
#include "vision/lock_down.hpp"
#include "vision/worker.hpp"

int main() {
  jieding::vision::lock_down();
  if (fcntl(jieding::vision::socket_descriptor, F_GETFD) < 0) {
    std::fputs("jieding-vision: started by jieding, not by hand (no socket on descriptor 3)\n",
               stderr);
    return 2;
  }
  cv::setNumThreads(1);
  try {
    return jieding::vision::serve(jieding::vision::socket_descriptor);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "jieding-vision: %s\n", fault.what());
    return 1;
  }
}
