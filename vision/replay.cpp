#include "vision/replay.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "gateway/domain/time.hpp"
#include "vision/link.hpp"

namespace jieding::vision {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Picture {
  fs::path path;
  Instant taken;
};

/// 3 as `3.0` and 0.93 as `0.93`: Boost.JSON would write 3E0.
std::string plain(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string json_string(std::string_view text) {
  return json::serialize(json::string(text));
}

template <class Items, class Write>
std::string list(const Items& items, Write write) {
  std::string out = "[";
  for (const auto& item : items)
    out += (out.size() > 1 ? "," : "") + write(item);
  return out + "]";
}

/// Names and numbers as one object. What is no number has no JSON: it is null.
std::string numbers(const std::vector<Measure>& measures) {
  std::string out = "{";
  for (const Measure& measure : measures)
    out += (out.size() > 1 ? "," : "") + json_string(measure.name) + ":" +
           (std::isfinite(measure.value) ? plain(measure.value, 3) : "null");
  return out + "}";
}

std::string line_of(const BuildingEstimate& b) {
  std::string out =
      "{\"id\":" + json_string(b.building) + ",\"storeys\":" + plain(b.storeys, 1) +
      ",\"storeys_low\":" + std::to_string(b.storeys_low) +
      ",\"storeys_high\":" + std::to_string(b.storeys_high) +
      ",\"stage\":" + json_string(to_text(b.stage)) + ",\"confidence\":" + plain(b.confidence, 2) +
      ",\"bands\":" + list(b.bands, [](StoreyState state) { return json_string(to_text(state)); }) +
      ",\"grounds\":" + numbers(b.grounds);
  if (b.corrected) out += ",\"corrected\":true,\"reason\":" + json_string(b.correction);
  return out + "}";
}

std::string line_of(const Picture& picture, const FrameReport& report) {
  return "{\"frame\":" + json_string(picture.path.filename().string()) +
         ",\"at\":" + json_string(to_rfc3339(picture.taken)) +
         ",\"usable\":" + (report.usable ? "true" : "false") +
         ",\"reasons\":" + list(report.reasons, [](const auto& r) { return json_string(r); }) +
         ",\"measures\":" + numbers(report.measures) +
         ",\"buildings\":" + list(report.buildings, [](const auto& b) { return line_of(b); }) +
         "}\n";
}

std::string line_of(const Proposal& p) {
  std::string out =
      "{\"building\":" + json_string(p.building) + ",\"milestone\":" + json_string(p.milestone);
  if (p.milestone == "storey_cast") out += ",\"storey\":" + std::to_string(p.storey);
  return out + ",\"status\":\"candidate\",\"at\":" + json_string(to_rfc3339(p.at)) +
         ",\"decided_at\":" + json_string(to_rfc3339(p.decided_at)) + "}\n";
}

Result<std::vector<Picture>> list_pictures(const fs::path& folder, ReplaySummary& summary) {
  std::error_code ec;
  std::vector<Picture> out;
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    const fs::path& path = entry->path();
    const auto taken = from_basic_utc(path.stem().string());
    if (taken && path.extension() == ".jpg")
      out.push_back({path, *taken});
    else
      summary.skipped.push_back(path.filename().string());
  }
  if (ec) return Error(Fault::NotFound, "read " + folder.string() + ": " + ec.message());
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.path.filename() < b.path.filename(); });
  std::sort(summary.skipped.begin(), summary.skipped.end());
  return out;
}

/// Before the first report: nothing stands but what the setup says.
std::vector<BuildingEstimate> at_start(const CameraSetup& camera) {
  std::vector<BuildingEstimate> out;
  for (const FacadeSetup& f : camera.facades) {
    BuildingEstimate b;
    b.building = f.building;
    b.storeys = b.storeys_low = b.storeys_high = f.storeys_at_start;
    b.bands.assign(static_cast<std::size_t>(f.storeys), StoreyState::Background);
    std::fill_n(b.bands.begin(), f.storeys_at_start, StoreyState::Frame);
    if (f.storeys_at_start > 0) b.stage = Stage::Superstructure;
    out.push_back(std::move(b));
  }
  return out;
}

struct Run {
  std::shared_ptr<Link> link;
  const CameraSetup& camera;
  const std::vector<Picture>& pictures;
  std::ofstream& out;
  std::ofstream* milestones;
  ReplaySummary& summary;
};

Frame read_frame(const CameraSetup& camera, const Picture& picture) {
  std::ifstream file(picture.path, std::ios::binary);
  Frame out;
  out.camera = camera.id;
  out.name = picture.path.filename().string();
  out.taken = picture.taken;
  out.bytes.assign(std::istreambuf_iterator<char>(file), {});
  return out;
}

FrameReport refused_by_link(const Error& why, std::vector<BuildingEstimate> before) {
  FrameReport out;
  out.reasons.emplace_back(why.kind() == Fault::Invalid ? "quarantined" : "away");
  out.buildings = std::move(before);
  for (auto& building : out.buildings)
    building.corrected = false;
  return out;
}

boost::asio::awaitable<FrameReport> see_once(Run& run, const Picture& picture,
                                             std::vector<BuildingEstimate> before) {
  Frame frame = read_frame(run.camera, picture);
  Frame again = frame;
  auto report = co_await run.link->see(std::move(frame));
  if (!report && report.error().kind() == Fault::Unavailable)
    report = co_await run.link->see(std::move(again));
  if (report) co_return std::move(*report);
  co_return refused_by_link(report.error(), std::move(before));
}

boost::asio::awaitable<void> see_all(Run& run) {
  std::vector<BuildingEstimate> last = at_start(run.camera);
  for (const Picture& picture : run.pictures) {
    std::vector<BuildingEstimate> before = last;
    const FrameReport report = co_await see_once(run, picture, std::move(before));
    last = report.buildings;
    ++run.summary.frames;
    run.summary.usable += report.usable;
    run.out << line_of(picture, report) << std::flush;
    for (const Proposal& proposal : report.proposals) {
      ++run.summary.proposals;
      if (run.milestones != nullptr) *run.milestones << line_of(proposal) << std::flush;
    }
  }
  run.link->stop();
}

}  // namespace

Result<ReplaySummary> replay(const CameraSetup& camera, const fs::path& frames, const fs::path& out,
                             const std::optional<fs::path>& milestones, const fs::path& program) {
  ReplaySummary summary;
  const auto pictures = list_pictures(frames, summary);
  if (!pictures) return pictures.error();
  std::ofstream lines(out), proposals;
  if (!lines) return Error(Fault::NotFound, "cannot write " + out.string());
  if (milestones) {
    proposals.open(*milestones);
    if (!proposals) return Error(Fault::NotFound, "cannot write " + milestones->string());
  }
  boost::asio::io_context io;
  LinkOptions options;
  options.program = program;
  options.cameras = {camera};
  // Nobody looks at replayed pictures, so none are drawn and nobody is looked for in them, which
  // would take most of the time. The outside stays hidden as configured, so the estimates are the
  // gateway's, but for the least: people are pixelated in the pictures that it compares with.
  options.cameras.front().publishes = false;
  Run run{Link::create(io.get_executor(), options), camera, *pictures, lines,
          milestones ? &proposals : nullptr,        summary};
  auto done = boost::asio::co_spawn(io, see_all(run), boost::asio::use_future);
  io.run();
  done.get();
  if (!lines.flush()) return Error(Fault::Full, "cannot write " + out.string());
  return summary;
}

}  // namespace jieding::vision
