#include "vision/estimator.hpp"

#include "vision/camera_watch.hpp"
#include "vision/decode.hpp"
#include "vision/overlay.hpp"
#include "vision/privacy_mask.hpp"

namespace jieding::vision {
namespace {

constexpr int masked_quality = 82, overlay_quality = 80;
constexpr std::uint32_t state_magic = 0x4A445633;  // "JDV3"; another layout is another number

}  // namespace

/// One camera: what it has learned, and the way of a picture in and out of the process.
struct Estimator::Parts {
  explicit Parts(CameraSetup s) : setup(std::move(s)), watch(setup) {}

  FrameReport see(const Frame& frame);
  bool fits(const Result<cv::Mat>& picture) const {
    return picture && picture->cols == setup.width_px && picture->rows == setup.height_px;
  }
  void draw(cv::Mat picture, FrameReport& report) const;

  CameraSetup setup;
  CameraWatch watch;
};

FrameReport Estimator::Parts::see(const Frame& frame) {
  FrameReport report;
  auto picture = decode_jpeg(frame.bytes);
  if (!picture) {
    const bool torn = picture.error().text().starts_with("torn");
    report.reasons.emplace_back(torn ? "torn" : "not_a_picture");
  } else if (!fits(picture)) {
    report.reasons.emplace_back("wrong_size");
  } else {
    Look look = watch.see(*picture, frame.taken);
    report.reasons = std::move(look.reasons);
    report.faults = std::move(look.faults);
    report.measures = std::move(look.measures);
    report.proposals = std::move(look.proposals);
  }
  report.usable = report.reasons.empty();
  report.buildings = watch.estimates();
  for (BuildingEstimate& building : report.buildings)
    building.corrected &= report.usable;
  if (fits(picture) && (watch.placed() || setup.masks.empty())) draw(*picture, report);
  return report;
}

/// The masks belong to the ground of the reference picture, so they are burnt in where they were
/// drawn *and* where the ground lies now: a knock uncovers nothing.
void Estimator::Parts::draw(cv::Mat picture, FrameReport& report) const {
  const Placing placing = watch.placing();
  for (const auto& masks : {setup.masks, placing.now(setup.masks)})
    PrivacyMask(masks).burn(picture, {});
  report.pictures.push_back({"masked", "", encode_jpeg(picture, masked_quality)});
  if (!report.usable) return;
  for (std::size_t i = 0; i < setup.facades.size(); ++i) {
    cv::Mat drawn = picture.clone();
    FacadeSetup now = setup.facades[i];
    for (Point& corner : now.corners) {
      const cv::Point2d p = placing.now(cv::Point2d(corner.x, corner.y));
      corner = {p.x, p.y};
    }
    draw_overlay(drawn, Facade(now, picture.size(), 1.0), {}, report.buildings[i]);
    report.pictures.push_back({"overlay", now.building, encode_jpeg(drawn, overlay_quality)});
  }
}

Estimator::Estimator(CameraSetup setup) : parts_(std::make_unique<Parts>(std::move(setup))) {}
Estimator::~Estimator() = default;
Estimator::Estimator(Estimator&&) noexcept = default;
Estimator& Estimator::operator=(Estimator&&) noexcept = default;

FrameReport Estimator::see(const Frame& frame) {
  FrameReport report = parts_->see(frame);
  report.state = state();
  return report;
}

bool Estimator::confirm(const std::string& building, int storeys) {
  return parts_->watch.confirm(building, storeys);
}

std::string Estimator::state() const {
  BlobWriter out;
  out.put(state_magic);
  parts_->watch.save(out);
  return out.seal();
}

bool Estimator::restore(std::string_view state) {
  BlobReader in(state);
  const bool ours = in.ok() && state.size() <= largest_state;
  if (ours && in.get<std::uint32_t>() == state_magic && parts_->watch.restore(in)) return true;
  parts_ = std::make_unique<Parts>(CameraSetup(parts_->setup));
  return false;
}

std::string fault_of(const CameraSetup& setup) {
  if (setup.width_px < 64 || setup.height_px < 64 || setup.width_px > 8192 ||
      setup.height_px > 8192)
    return "camera " + setup.id + ": image_size must lie between 64 and 8192 pixels";
  for (const FacadeSetup& facade : setup.facades) {
    const std::string where = "camera " + setup.id + ", building " + facade.building + ": ";
    if (facade.storeys < 1 || facade.storeys > 120) return where + "storeys must be 1 to 120";
    if (facade.storeys_at_start < 0 || facade.storeys_at_start > facade.storeys)
      return where + "storeys_at_start must be 0 to storeys";
    const auto& c = facade.corners;
    double twice_area = 0;
    for (std::size_t i = 0; i < 4; ++i)
      twice_area += c[i].x * c[(i + 1) % 4].y - c[(i + 1) % 4].x * c[i].y;
    const bool upright = c[0].y > c[3].y && c[1].y > c[2].y && c[0].x < c[1].x && c[3].x < c[2].x;
    if (!upright || !(std::abs(twice_area) > 200))
      return where + "corners must be ground left, ground right, roof right, roof left";
  }
  return {};
}

}  // namespace jieding::vision
