#include "vision/estimator.hpp"

#include <opencv2/imgproc.hpp>

#include "vision/building_watch.hpp"
#include "vision/decode.hpp"
#include "vision/overlay.hpp"
#include "vision/privacy_mask.hpp"
#include "vision/quality_gate.hpp"
#include "vision/registration.hpp"

namespace jieding::vision {
namespace {

constexpr int working_width_px = 640;
constexpr int masked_quality = 82, overlay_quality = 80;
constexpr std::size_t references = 3;
constexpr std::uint32_t state_magic = 0x4A445632;  // "JDV2"; another layout is another number

cv::Size working_size(const CameraSetup& setup) {
  return {working_width_px, std::max(16, working_width_px * setup.height_px / setup.width_px)};
}

std::vector<Facade> facades_of(const CameraSetup& setup, cv::Size size, double scale) {
  std::vector<Facade> out;
  for (const FacadeSetup& facade : setup.facades)
    out.emplace_back(facade, size, scale);
  return out;
}

/// FNV-1a, 64 bit.
class Fingerprint {
 public:
  void add(const void* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      hash_ = (hash_ ^ static_cast<const unsigned char*>(bytes)[i]) * 1099511628211ULL;
  }
  void add(double number) { add(&number, sizeof number); }
  void add(const Point& point) {
    add(point.x);
    add(point.y);
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 14695981039346656037ULL;
};

/// Same bytes of a small picture: a camera that repeats itself has stopped looking.
std::uint64_t fingerprint(const cv::Mat& bgr) {
  Fingerprint print;
  for (int y = 0; y < bgr.rows; ++y)
    print.add(bgr.ptr(y), static_cast<std::size_t>(bgr.cols) * 3);
  return print.value();
}

/// What a state was learned under. With other corners its rows mean other storeys, and with other
/// masks its pictures would show what is to be hidden now.
std::uint64_t fingerprint(const CameraSetup& setup) {
  Fingerprint print;
  print.add(setup.width_px);
  print.add(setup.height_px);
  for (const auto& polygon : setup.masks) {
    print.add(static_cast<double>(polygon.size()));
    for (const Point& corner : polygon)
      print.add(corner);
  }
  for (const FacadeSetup& facade : setup.facades) {
    print.add(facade.storeys);
    print.add(facade.storeys_at_start);
    print.add(static_cast<double>(facade.scaffold));
    for (const Point& corner : facade.corners)
      print.add(corner);
  }
  return print.value();
}

}  // namespace

/// Everything one camera has learned, and the stages in the order in which a picture passes them.
struct Estimator::Parts {
  explicit Parts(CameraSetup s);

  FrameReport see(const Frame& frame);
  std::vector<std::string> look(const cv::Mat& picture, Instant taken,
                                std::vector<Proposal>& proposals);
  cv::Mat covered(const cv::Mat& picture) const;
  void count(const cv::Mat& small, Instant taken, std::vector<Proposal>& proposals);

  void draw(cv::Mat picture, FrameReport& report) const;
  void save(BlobWriter& out) const;
  bool restore(BlobReader& in);

  CameraSetup setup;
  cv::Size size;
  double scale;  ///< working pixels per camera pixel
  std::vector<Facade> facades, full_facades;
  Pool pool;
  Registration registration;
  PrivacyMask mask;
  QualityGate gate;
  std::vector<BuildingWatch> buildings;
  cv::Point2d shift;       ///< working pixels
  bool placed = true;      ///< of the frame in hand: its shift is known, so masks can be trusted
  std::uint64_t last = 0;  ///< fingerprint of the frame before
};

Estimator::Parts::Parts(CameraSetup s)
    : setup(std::move(s)),
      size(working_size(setup)),
      scale(static_cast<double>(size.width) / setup.width_px),
      facades(facades_of(setup, size, scale)),
      full_facades(facades_of(setup, {setup.width_px, setup.height_px}, 1.0)),
      pool(facades, size),
      registration(pool.beside()),
      mask(setup.masks) {
  for (std::size_t i = 0; i < facades.size(); ++i)
    buildings.emplace_back(setup.facades[i], facades[i]);
}

FrameReport Estimator::Parts::see(const Frame& frame) {
  FrameReport report;
  auto picture = decode_jpeg(frame.bytes);
  if (!picture) {
    const bool torn = picture.error().text().starts_with("torn");
    report.reasons.emplace_back(torn ? "torn" : "not_a_picture");
  } else if (picture->cols != setup.width_px || picture->rows != setup.height_px) {
    report.reasons.emplace_back("wrong_size");
  } else {
    report.reasons = look(*picture, frame.taken, report.proposals);
  }
  report.usable = report.reasons.empty();
  for (const BuildingWatch& building : buildings) {
    report.buildings.push_back(building.estimate());
    report.buildings.back().corrected &= report.usable;
  }
  const bool shown = picture && picture->cols == setup.width_px &&
                     picture->rows == setup.height_px && (placed || mask.empty());
  if (shown) draw(*picture, report);
  return report;
}

std::vector<std::string> Estimator::Parts::look(const cv::Mat& picture, Instant taken,
                                                std::vector<Proposal>& proposals) {
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  const QualityMeasures measures = measure(small);
  const std::uint64_t print = fingerprint(small);
  auto reasons = gate.refuse(measures, print == last);
  last = print;
  const Placement placement = registration.place(small, pool.likest(small, references), shift);
  placed = placement.verified;
  if (!reasons.empty()) return reasons;
  if (placement.moved) return {"moved"};
  shift = placement.shift;
  gate.accept(measures);
  count(shifted_back(covered(picture), shift), taken, proposals);
  return reasons;
}

/// The working picture with the masks burnt in: what the pool keeps is part of the state, and the
/// state is stored.
cv::Mat Estimator::Parts::covered(const cv::Mat& picture) const {
  cv::Mat burnt = mask.empty() ? picture : picture.clone();
  if (!mask.empty()) mask.burn(burnt, shift / scale);
  cv::Mat small;
  cv::resize(burnt, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

void Estimator::Parts::count(const cv::Mat& small, Instant taken,
                             std::vector<Proposal>& proposals) {
  const std::vector<Change> changes = pool.compare(small);
  std::vector<double> empty_above;
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    const cv::Mat strip = facades[i].strip(small);
    buildings[i].see(read_rows(strip, changes[i], facades[i]), read_finish(strip), taken,
                     proposals);
    empty_above.push_back(buildings[i].empty_above());
  }
  if (placed || mask.empty()) pool.add(small, empty_above);
}

void Estimator::Parts::draw(cv::Mat picture, FrameReport& report) const {
  const cv::Point2d full_shift = shift / scale;
  mask.burn(picture, full_shift);
  report.pictures.push_back({"masked", "", encode_jpeg(picture, masked_quality)});
  if (!report.usable) return;
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    cv::Mat drawn = picture.clone();
    draw_overlay(drawn, full_facades[i], full_shift, report.buildings[i]);
    report.pictures.push_back(
        {"overlay", setup.facades[i].building, encode_jpeg(drawn, overlay_quality)});
  }
}

void Estimator::Parts::save(BlobWriter& out) const {
  out.put(state_magic);
  out.put(fingerprint(setup));
  out.put(last);
  out.put(shift.x);
  out.put(shift.y);
  const auto& history = gate.history();
  out.put(history.sharpness);
  out.put(history.seen);
  for (const double tile : history.structured)
    out.put(tile);
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    out.put(std::string_view(setup.facades[i].building));
    buildings[i].save(out);
  }
  out.put(static_cast<std::uint32_t>(pool.pictures().size()));
  for (const auto& picture : pool.pictures()) {
    out.put(std::string_view(picture.jpeg));
    out.put(picture.empty_above);
  }
}

bool Estimator::Parts::restore(BlobReader& in) {
  if (in.get<std::uint32_t>() != state_magic) return false;
  if (in.get<std::uint64_t>() != fingerprint(setup)) return false;
  last = in.get<std::uint64_t>();
  shift.x = in.get<double>();
  shift.y = in.get<double>();
  QualityGate::History history;
  history.sharpness = in.get<double>();
  history.seen = in.get<double>();
  for (double& tile : history.structured)
    tile = in.get<double>();
  gate.restore(history);
  for (std::size_t i = 0; i < buildings.size(); ++i)
    if (in.get_text(256) != setup.facades[i].building || !buildings[i].restore(in)) return false;
  const auto count = in.get<std::uint32_t>();
  if (count > Pool::usual_capacity) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string jpeg = in.get_text(1U << 20U);
    auto empty_above = in.get_numbers(64);
    if (!in.ok() || !pool.add_stored(std::move(jpeg), std::move(empty_above))) return false;
  }
  return in.ok() && in.at_end() && cv::norm(shift) < size.width;
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

std::string Estimator::state() const {
  BlobWriter out;
  parts_->save(out);
  return out.seal();
}

bool Estimator::restore(std::string_view state) {
  BlobReader in(state);
  if (in.ok() && state.size() <= largest_state && parts_->restore(in)) return true;
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
