// Measures the estimating alone on labelled time-lapses, without looking for people, drawing or
// encoding, which take most of the time and change no figure:
//   vision_estimate_tool SITE_DIR OUT.jsonl MILESTONES.jsonl
// The lines hold what scoring needs of the replay contract.
#include <cstdio>
#include <fstream>
#include <opencv2/core.hpp>

#include "tests/vision/site.hpp"
#include "vision/camera_watch.hpp"
#include "vision/decode.hpp"

namespace {

using namespace jieding;
using namespace jieding::vision;

Look look_at(CameraWatch& watch, const CameraSetup& setup, const Frame& frame) {
  Look look;
  const auto picture = decode_jpeg(frame.bytes);
  if (!picture) {
    look.reasons.emplace_back("torn");
  } else if (picture->cols != setup.width_px || picture->rows != setup.height_px) {
    look.reasons.emplace_back("wrong_size");
  } else {
    look = watch.see(*picture, frame.taken);
  }
  return look;
}

void write_line(std::ostream& out, const Frame& frame, const Look& look,
                const std::vector<BuildingEstimate>& before,
                const std::vector<BuildingEstimate>& buildings) {
  out << "{\"frame\":\"" << frame.name
      << "\",\"usable\":" << (look.reasons.empty() ? "true" : "false") << ",\"reasons\":[";
  for (std::size_t i = 0; i < look.reasons.size(); ++i)
    out << (i > 0 ? "," : "") << '"' << look.reasons[i] << '"';
  out << "],\"measures\":{";
  for (std::size_t i = 0; i < look.measures.size(); ++i)
    out << (i > 0 ? "," : "") << '"' << look.measures[i].name << "\":" << look.measures[i].value;
  out << "},\"buildings\":[";
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    const BuildingEstimate& b = buildings[i];
    out << (i > 0 ? "," : "") << "{\"id\":\"" << b.building << "\",\"storeys\":" << b.storeys
        << ",\"storeys_low\":" << b.storeys_low << ",\"storeys_high\":" << b.storeys_high
        << ",\"stage\":\"" << to_text(b.stage) << "\",\"confidence\":" << b.confidence
        << ",\"corrected\":" << (b.storeys < before[i].storeys ? "true" : "false")
        << ",\"bands\":[";
    for (std::size_t n = 0; n < b.bands.size(); ++n)
      out << (n > 0 ? "," : "") << '"' << to_text(b.bands[n]) << '"';
    out << "],\"grounds\":{";
    for (std::size_t n = 0; n < b.grounds.size(); ++n)
      out << (n > 0 ? "," : "") << '"' << b.grounds[n].name << "\":" << b.grounds[n].value;
    out << "}}";
  }
  out << "]}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: vision_estimate_tool SITE_DIR OUT.jsonl MILESTONES.jsonl\n", stderr);
    return 2;
  }
  cv::setNumThreads(1);
  const std::filesystem::path site = argv[1];
  const CameraSetup setup = read_site(site);
  CameraWatch watch(setup);
  std::ofstream out(argv[2]), milestones(argv[3]);
  for (const auto& file : pictures_of(site, 0, 1'000'000)) {
    const Frame frame = frame_of(file);
    const std::vector<BuildingEstimate> before = watch.estimates();
    const Look look = look_at(watch, setup, frame);
    write_line(out, frame, look, before, watch.estimates());
    for (const Proposal& p : look.proposals)
      milestones << "{\"building\":\"" << p.building << "\",\"milestone\":\"" << p.milestone
                 << "\",\"storey\":" << p.storey << ",\"status\":\"candidate\",\"at\":\""
                 << to_rfc3339(p.at) << "\",\"decided_at\":\"" << to_rfc3339(p.decided_at)
                 << "\"}\n";
  }
  return out && milestones ? 0 : 1;
}
