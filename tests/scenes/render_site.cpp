// Renders a labelled time-lapse of a building site: render_site --help.
#include <malloc.h>

#include <cstdio>
#include <exception>
#include <opencv2/core/utility.hpp>
#include <stdexcept>

#include "tests/scenes/site.hpp"

int main(int argc, char** argv) {
  using namespace jieding::scenes;
  const std::string usage = "usage: render_site [--seed N] [options] OUT_DIR\n" + wishes_help();
  if (argc < 2 || std::string(argv[1]) == "--help") {
    std::fputs(usage.c_str(), stdout);
    return argc < 2 ? 2 : 0;
  }
  // Picture-sized blocks are used again for the next picture, instead of being asked of the kernel
  // each time; and one thread, since sites are rendered side by side.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  cv::setNumThreads(1);
  try {
    Wishes wishes;
    const std::vector<std::string> rest = read_wishes(argc, argv, wishes);
    if (rest.size() != 1) throw std::invalid_argument("one OUT_DIR is needed");
    const Site site(wishes);
    write_site(site, rest.front());
    std::printf("%s: %zu frames, %d storeys\n", rest.front().c_str(), site.shots().size(),
                site.plan().tower.storeys);
    return 0;
  } catch (const std::invalid_argument& wrong) {
    std::fprintf(stderr, "render_site: %s\n%s", wrong.what(), usage.c_str());
    return 2;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "render_site: %s\n", failure.what());
    return 1;
  }
}
