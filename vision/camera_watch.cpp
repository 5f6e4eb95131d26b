#include "vision/camera_watch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "vision/evidence.hpp"
#include "vision/shrink.hpp"

namespace jieding::vision {
namespace {

constexpr int working_width_px = 640;
constexpr std::size_t references = 3;
/// Of the width. A knock as large as this must be seen twice before it is believed.
constexpr double large_knock = 0.06;
/// Two sightings of one knock agree to this, working pixels.
constexpr double same_knock_px = 2.0;
/// The cells of the quality gate show something else. Unit: working pixels.
constexpr double other_view_px = 8;
/// How many times as bright as any picture of a dark night one by day is at least.
constexpr double day_over_night = 2;
/// Gradients at the edge of the mosaic are its own, not the picture's. Unit: working pixels.
constexpr int mosaic_edge_px = 6;

cv::Size working_size(const CameraSetup& setup) {
  return {working_width_px, std::max(16, working_width_px * setup.height_px / setup.width_px)};
}

std::vector<Facade> facades_of(const CameraSetup& setup, cv::Size size, double scale) {
  std::vector<Facade> out;
  for (const FacadeSetup& facade : setup.facades)
    out.emplace_back(facade, size, scale);
  return out;
}

/// Where stored pictures can be compared with a new one: what they show for sure.
cv::Mat comparable(const PrivacyMask& mask) {
  cv::Mat out;
  const int side = 2 * mosaic_edge_px + 1;
  cv::erode(mask.shown(), out, cv::Mat::ones(side, side, CV_8U));
  return out;
}

/// Tells apart what is not the same, not against an enemy: FNV's steps, over eight bytes at a time.
class Fingerprint {
 public:
  void add(const void* bytes, std::size_t count) {
    const auto* at = static_cast<const unsigned char*>(bytes);
    for (; count >= sizeof(std::uint64_t); count -= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      hash_ = (hash_ ^ word) * prime;
      hash_ ^= hash_ >> 32U;
      at += sizeof word;
    }
    for (; count > 0; --count)
      hash_ = (hash_ ^ *at++) * prime;
  }
  void add(double number) { add(&number, sizeof number); }
  void add(const Point& point) {
    add(point.x);
    add(point.y);
  }
  std::uint64_t value() const { return hash_; }

 private:
  static constexpr std::uint64_t prime = 1099511628211ULL;
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
/// masks, or surroundings that reach less far below the ground, its pictures would show what is to
/// be hidden now.
std::uint64_t fingerprint(const CameraSetup& setup) {
  Fingerprint print;
  print.add(setup.width_px);
  print.add(setup.height_px);
  print.add(setup.outside_hidden);
  if (!setup.publishes) print.add(0);  // its pictures show people
  for (const auto& polygon : setup.masks) {
    print.add(static_cast<double>(polygon.size()));
    for (const Point& corner : polygon)
      print.add(corner);
  }
  for (const FacadeSetup& facade : setup.facades) {
    print.add(facade.storeys);
    print.add(facade.storey_height_m);
    print.add(facade.storeys_at_start);
    print.add(static_cast<double>(facade.scaffold));
    for (const Point& corner : facade.corners)
      print.add(corner);
  }
  return print.value();
}

void put(BlobWriter& out, const Placing& placing) {
  for (const double number : placing.matrix().val)
    out.put(number);
}

Placing get_placing(BlobReader& in) {
  cv::Matx23d matrix;
  for (double& number : matrix.val)
    number = in.get<double>();
  return Placing(matrix);
}

bool sane(const Placing& placing, cv::Size size) {
  const auto& numbers = placing.matrix().val;
  return std::all_of(std::begin(numbers), std::end(numbers),
                     [](double number) { return std::isfinite(number); }) &&
         placing.farthest(size) < 2 * size.width;
}

}  // namespace

CameraWatch::CameraWatch(const CameraSetup& setup, FindPeople find_people)
    : setup_(setup),
      size_(working_size(setup)),
      scale_(static_cast<double>(size_.width) / setup.width_px),
      facades_(facades_of(setup, size_, scale_)),
      mask_(setup, size_, scale_),
      find_people_(std::move(find_people)),
      pool_(facades_, comparable(mask_)) {
  for (std::size_t i = 0; i < facades_.size(); ++i) {
    feet_.emplace_back(facades_[i]);
    witnesses_.emplace_back(facades_[i]);
    buildings_.emplace_back(setup_.facades[i], facades_[i]);
  }
}

Look CameraWatch::see(const cv::Mat& picture, Instant taken) {
  const cv::Mat small = shrunk(picture, size_);
  Look look;
  const QualityMeasures measures = measure(small);
  const std::uint64_t print = fingerprint(small);
  const Placement found = find(small, measures);
  const bool other_view =
      found.verified && Placing::apart(found.placing, placing_, size_) > other_view_px;
  look.reasons = gate_.refuse(measures, print == last_, other_view);
  look.measures = gate_.numbers(measures);
  last_ = print;
  const bool in_place = place(found, look);
  find_people(picture);
  if (!look.reasons.empty() || !in_place) return look;
  if (other_view) gate_.forget_view();
  gate_.accept(measures);
  brightest_ = std::max(brightest_, measures.brightness);
  const cv::Mat back = placing_.put_back(covered(small, {}));
  count(back, taken, look);
  // What the pool keeps is part of the state, and the state is stored: without people.
  keep(people_.empty() ? back : placing_.put_back(covered(small, people_)));
  return look;
}

/// Where no picture is kept yet, this one is taken to lie where people drew corners and masks.
/// Where only a night was seen, the first by day is as well: its outlines are others, and without
/// it no picture by day would ever be placed. Not after a knock, be it believed or not.
Placement CameraWatch::find(const cv::Mat& small, const QualityMeasures& measures) const {
  Placement found = pool_.registration().place(pool_.landmarks(small),
                                               pool_.likest(small, placing_, references), placing_);
  const bool first_by_day =
      is_by_day(measures) && measures.brightness > day_over_night * brightest_;
  found.verified |= first_by_day && !found.lost && !looked_elsewhere_;
  return found;
}

void CameraWatch::find_people(const cv::Mat& picture) {
  people_.clear();
  if (!find_people_ || !(placed_ || mask_.hides_nothing())) return;
  cv::Mat shown;
  cv::resize(mask_.shown(lies_.matrix()), shown, picture.size(), 0, 0, cv::INTER_NEAREST);
  people_ = find_people_(picture, shown);
}

/// False, with the reason, when the camera looks elsewhere or may have been knocked far.
bool CameraWatch::place(const Placement& found, Look& look) {
  placed_ = found.verified;
  lies_ = found.placing;
  const cv::Point2d shift = found.placing.shift(size_) / scale_;
  look.measures.push_back({"likeness", found.likeness});
  look.measures.push_back({"shift_x_px", shift.x});
  look.measures.push_back({"shift_y_px", shift.y});
  if (!look.reasons.empty()) return false;
  const double jump = Placing::apart(found.placing, settled_, size_);
  const bool large = found.verified && jump > large_knock * size_.width;
  const bool again = large && Placing::apart(found.placing, suspected_, size_) < same_knock_px;
  if (large) suspected_ = found.placing;
  looked_elsewhere_ |= large || found.lost;
  if (found.lost || (large && !again)) {
    look.reasons.emplace_back("moved");
    return false;
  }
  if (large) {
    settled_ = found.placing;
    look.faults.emplace_back("camera_moved");
    look.measures.push_back({"moved_px", jump / scale_});
  }
  placing_ = found.placing;
  return true;
}

/// The working picture with the masks burnt in: whatever comes after sees no more than this.
cv::Mat CameraWatch::covered(const cv::Mat& small, const std::vector<cv::Rect>& people) const {
  std::vector<cv::Rect> boxes;
  for (const cv::Rect& person : people) {
    const cv::Point2d least = cv::Point2d(person.tl()) * scale_;
    const cv::Point2d most = cv::Point2d(person.br()) * scale_;
    boxes.emplace_back(cv::Point(cvFloor(least.x), cvFloor(least.y)),
                       cv::Point(cvCeil(most.x), cvCeil(most.y)));
  }
  cv::Mat burnt = small.clone();
  mask_.burn(burnt, placing_.matrix(), boxes);
  return burnt;
}

void CameraWatch::count(const cv::Mat& small, Instant taken, Look& look) {
  const std::vector<Change> changes = pool_.compare(small, placing_, empty_above());
  for (std::size_t i = 0; i < buildings_.size(); ++i) {
    const cv::Mat& strip = changes[i].seen;
    FinishEvidence finish = read_finish(strip, changes[i].shown);
    finish.foot = feet_[i].read(small);
    RowEvidence rows = read_rows(changes[i], buildings_[i].storeys_low());
    finish.foot.changed = shows_works_low(rows);
    rows.witness = witnesses_[i].take(strip);
    buildings_[i].see(std::move(rows), finish, taken, look.proposals);
  }
}

void CameraWatch::keep(const cv::Mat& small) {
  if (!placed_ && !mask_.hides_nothing()) return;
  std::vector<int> built_below;
  for (const BuildingWatch& building : buildings_)
    built_below.push_back(building.storeys_low());
  pool_.add(small, placing_, empty_above(), std::move(built_below));
}

std::vector<double> CameraWatch::empty_above() const {
  std::vector<double> out;
  for (const BuildingWatch& building : buildings_)
    out.push_back(building.empty_above());
  return out;
}

std::vector<BuildingEstimate> CameraWatch::estimates() const {
  std::vector<BuildingEstimate> out;
  for (const BuildingWatch& building : buildings_)
    out.push_back(building.estimate());
  return out;
}

void CameraWatch::confirm(const ConfirmedCount& count) {
  for (std::size_t i = 0; i < buildings_.size(); ++i)
    if (setup_.facades[i].building == count.building && buildings_[i].confirm(count))
      pool_.confirm(i, count.storeys);
}

void CameraWatch::save(BlobWriter& out) const {
  out.put(fingerprint(setup_));
  out.put(last_);
  out.put(brightest_);
  out.put(std::int32_t{looked_elsewhere_});
  for (const Placing& placing : {placing_, settled_, suspected_})
    put(out, placing);
  gate_.save(out);
  for (std::size_t i = 0; i < buildings_.size(); ++i) {
    out.put(std::string_view(setup_.facades[i].building));
    witnesses_[i].save(out);
    buildings_[i].save(out);
  }
  save(pool_, out);
}

void CameraWatch::save(const Pool& pool, BlobWriter& out) const {
  out.put(static_cast<std::uint32_t>(pool.pictures().size()));
  for (const auto& picture : pool.pictures()) {
    out.put(std::string_view(picture.jpeg));
    put(out, picture.placing);
    out.put(picture.empty_above);
    for (const int storeys : picture.built_below)
      out.put(std::int32_t{storeys});
  }
}

bool CameraWatch::restore(BlobReader& in) {
  if (in.get<std::uint64_t>() != fingerprint(setup_)) return false;
  last_ = in.get<std::uint64_t>();
  if (!std::isfinite(brightest_ = in.get<double>())) return false;
  looked_elsewhere_ = in.get<std::int32_t>() != 0;
  for (Placing* placing : {&placing_, &settled_, &suspected_})
    if (!sane(*placing = get_placing(in), size_)) return false;
  if (!gate_.restore(in)) return false;
  for (std::size_t i = 0; i < buildings_.size(); ++i)
    if (in.get_text(256) != setup_.facades[i].building || !witnesses_[i].restore(in) ||
        !buildings_[i].restore(in))
      return false;
  return restore(pool_, in) && in.ok() && in.at_end();
}

bool CameraWatch::restore(Pool& pool, BlobReader& in) const {
  const auto count = in.get<std::uint32_t>();
  if (count > Pool::capacity) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string jpeg = in.get_text(1U << 20U);
    const Placing placing = get_placing(in);
    auto empty_above = in.get_numbers(64);
    std::vector<int> built_below;
    for (const FacadeSetup& facade : setup_.facades) {
      built_below.push_back(in.get<std::int32_t>());
      if (built_below.back() < 0 || built_below.back() > facade.storeys) return false;
    }
    if (!in.ok() || !sane(placing, size_) ||
        !pool.add_stored(std::move(jpeg), placing, std::move(empty_above), std::move(built_below)))
      return false;
  }
  return true;
}

}  // namespace jieding::vision
