#include "vision/lock_down.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace jieding::vision {

void lock_down() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // never outlives the gateway
  prctl(PR_SET_DUMPABLE, 0);         // no core dump, no debugger: the pixels stay here
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace jieding::vision
