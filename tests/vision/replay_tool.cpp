// Measures the estimator on a labelled time-lapse without the gateway around it:
//   vision_replay_tool SITE_DIR OUT.jsonl MILESTONES.jsonl
#include <cstdio>
#include <filesystem>

#include "tests/vision/site.hpp"
#include "vision/replay.hpp"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: vision_replay_tool SITE_DIR OUT.jsonl MILESTONES.jsonl\n", stderr);
    return 2;
  }
  const std::filesystem::path site = argv[1];
  const auto program = std::filesystem::path(argv[0]).parent_path() / "jieding-vision";
  const auto summary = jieding::vision::replay(jieding::vision::read_site(site), site / "frames",
                                               argv[2], argv[3], program);
  if (!summary) {
    std::fprintf(stderr, "%s\n", summary.error().text().c_str());
    return 1;
  }
  std::printf("%d frames, %d usable, %d proposals, %zu files skipped\n", summary->frames,
              summary->usable, summary->proposals, summary->skipped.size());
  return 0;
}
