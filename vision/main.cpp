// jieding-vision: the process that decodes pictures. It holds no credentials, opens no network and
// no file, reads no configuration; all it has is the socket on descriptor 3.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>

#include "vision/worker.hpp"

namespace {

constexpr int socket_descriptor = 3;

void lock_down() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // never outlives the gateway
  prctl(PR_SET_DUMPABLE, 0);         // no core dump, no debugger: the pixels stay here
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int main() {
  lock_down();
  if (fcntl(socket_descriptor, F_GETFD) < 0) {
    std::fputs("jieding-vision: started by jieding, not by hand (no socket on descriptor 3)\n",
               stderr);
    return 2;
  }
  cv::setNumThreads(1);
  try {
    return jieding::vision::serve(socket_descriptor);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "jieding-vision: %s\n", fault.what());
    return 1;
  }
}
