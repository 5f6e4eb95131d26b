#include "vision/estimator.hpp"

#include <limits>

#include "vision/camera_watch.hpp"
#include "vision/decode.hpp"
#include "vision/overlay.hpp"
#include "vision/privacy_mask.hpp"

namespace jieding::vision {
namespace {

constexpr int masked_quality = 82, overlay_quality = 80;
constexpr std::uint32_t state_magic = 0x4A44564F;  // "JDVO"; another layout is another number

/// A figure goes back for later pictures, or for what people `counted`, be the picture refused or
/// not.
void mark_steps_back(const std::vector<BuildingEstimate>& before,
                     const std::vector<BuildingEstimate>& counted,
                     std::vector<BuildingEstimate>& now) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].storeys >= before[i].storeys) continue;
    now[i].corrected = true;
    now[i].correction = counted[i].storeys < before[i].storeys
                            ? "people counted fewer storeys"
                            : "later pictures show fewer storeys";
    now[i].grounds.push_back({"went_back_from", before[i].storeys});
  }
}

}  // namespace

/// One camera: what it has learned, and the way of a picture in and out of the process.
struct Estimator::Parts {
  Parts(CameraSetup s, FindPeople find)
      : setup(std::move(s)),
        find_people(setup.publishes ? std::move(find) : FindPeople{}),
        mask(setup, {setup.width_px, setup.height_px}, 1.0),
        watch(setup, find_people) {}

  FrameReport see(const Frame& frame);
  Result<cv::Mat> open(const Frame& frame, FrameReport& report) const;
  void draw(cv::Mat picture, FrameReport& report) const;

  CameraSetup setup;
  FindPeople find_people;
  PrivacyMask mask;
  CameraWatch watch;
  /// Of the pictures that could be opened; ms since 1970.
  std::int64_t newest = std::numeric_limits<std::int64_t>::min();
};

FrameReport Estimator::Parts::see(const Frame& frame) {
  FrameReport report;
  const std::vector<BuildingEstimate> before = watch.estimates();
  std::vector<BuildingEstimate> counted = before;
  auto picture = open(frame, report);
  if (!picture) {
    report.reasons.push_back(reason_of(picture.error()));
  } else {
    newest = frame.taken.time_since_epoch().count();
    for (const ConfirmedCount& count : frame.counts)
      watch.confirm(count);
    counted = watch.estimates();
    Look look = watch.see(*picture, frame.taken);
    report.reasons = std::move(look.reasons);
    report.faults = std::move(look.faults);
    report.measures = std::move(look.measures);
    report.proposals = std::move(look.proposals);
  }
  report.usable = report.reasons.empty();
  report.buildings = watch.estimates();
  mark_steps_back(before, counted, report.buildings);
  const bool may_draw = setup.publishes && (watch.placed() || mask.hides_nothing());
  if (picture && may_draw) draw(*picture, report);
  return report;
}

/// The picture upright, or why it cannot be one of this camera's; then hardly anything is decoded.
Result<cv::Mat> Estimator::Parts::open(const Frame& frame, FrameReport& report) const {
  const auto header = read_jpeg_header(frame.bytes);
  if (!header) return header.error();
  const cv::Size wanted(setup.width_px, setup.height_px), got = header->upright();
  if (got != wanted) {
    report.measures.push_back({"width_px", static_cast<double>(got.width)});
    report.measures.push_back({"height_px", static_cast<double>(got.height)});
    report.measures.push_back({"width_px_wanted", static_cast<double>(wanted.width)});
    report.measures.push_back({"height_px_wanted", static_cast<double>(wanted.height)});
    return Error(Fault::Invalid, "wrong_size: picture is " + size_text({got.width, got.height}) +
                                     ", image_size is " + size_text({wanted.width, wanted.height}));
  }
  if (frame.taken.time_since_epoch().count() < newest)
    return Error(Fault::Invalid, "out_of_order: a picture taken later was seen before");
  return decode_jpeg(frame.bytes);
}

void Estimator::Parts::draw(cv::Mat picture, FrameReport& report) const {
  const Placing placing = watch.placing();
  mask.burn(picture, placing.matrix(), watch.people());
  report.pictures.push_back({"masked", "", encode_jpeg(picture, masked_quality)});
  if (!report.usable) return;
  for (std::size_t i = 0; i < setup.facades.size(); ++i) {
    cv::Mat drawn = picture.clone();
    FacadeSetup now = setup.facades[i];
    for (Point& corner : now.corners) {
      const cv::Point2d p = placing.now(cv::Point2d(corner.x, corner.y));
      corner = {p.x, p.y};
    }
    draw_overlay(drawn, Facade(now, picture.size(), 1.0), now.name, report.buildings[i]);
    report.pictures.push_back({"overlay", now.building, encode_jpeg(drawn, overlay_quality)});
  }
}

Estimator::Estimator(CameraSetup setup, FindPeople find_people)
    : parts_(std::make_unique<Parts>(std::move(setup), std::move(find_people))) {}
Estimator::~Estimator() = default;
Estimator::Estimator(Estimator&&) noexcept = default;
Estimator& Estimator::operator=(Estimator&&) noexcept = default;

FrameReport Estimator::see(const Frame& frame) {
  FrameReport report = parts_->see(frame);
  report.state = state();
  return report;
}

std::string Estimator::state() const {
  BlobWriter out;
  out.put(state_magic);
  out.put(parts_->newest);
  parts_->watch.save(out);
  return out.seal();
}

bool Estimator::restore(std::string_view state) {
  BlobReader in(state);
  const bool ours = in.ok() && state.size() <= largest_state;
  if (ours && in.get<std::uint32_t>() == state_magic) {
    parts_->newest = in.get<std::int64_t>();
    if (parts_->watch.restore(in)) return true;
  }
  parts_ = std::make_unique<Parts>(CameraSetup(parts_->setup), FindPeople(parts_->find_people));
  return false;
}

}  // namespace jieding::vision
