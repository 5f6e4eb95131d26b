// jieding-vision: the process that decodes pictures. It holds no credentials, opens no network and
// no file, reads no configuration; all it has is the socket on descriptor 3.

#include <opencv2/core.hpp>

#include "vision/worker.hpp"

int main() {
  return jieding::vision::be_child("jieding-vision", [] {
    cv::setNumThreads(1);
    return jieding::vision::worker();
  });
}
