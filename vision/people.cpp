#include "vision/people.hpp"

#include <algorithm>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <stdexcept>
#include <string>

#include "vision/cascades.hpp"

namespace jieding::vision {
namespace {

/// A larger picture is searched at this width: in it, people whom one could know are larger too.
constexpr double widest_searched_px = 1280;
constexpr double figure_step = 1.1;  ///< from one size searched to the next
constexpr double face_step = 1.2;
constexpr int face_agreement = 3;  ///< neighbouring finds that make a face
constexpr int smallest_face_px = 24;
/// Faces from the side are looked for at half the width: those of 40 pixels, with which a person
/// can be identified (EN 62676-4: 250 px/m), are still found then, in a quarter of the time.
constexpr int side_halving = 2, smallest_side_face_px = 20;
constexpr double border = 0.15;  ///< hair, hands, shadow: of a box's size, to each side

cv::CascadeClassifier cascade(std::string_view xml, const char* name) {
  cv::CascadeClassifier out;
  const cv::FileStorage file(std::string(xml), cv::FileStorage::READ | cv::FileStorage::MEMORY);
  if (!out.read(file.getFirstTopLevelNode()))
    throw std::runtime_error(std::string("the face cascade ") + name + " cannot be read");
  return out;
}

cv::Rect wider(const cv::Rect& box) {
  const cv::Size by(cvCeil(border * box.width), cvCeil(border * box.height));
  return {box.tl() - cv::Point(by), box.size() + by + by};
}

class Finder {
 public:
  Finder()
      : front_(cascade(front_face_cascade(), "front")),
        side_(cascade(side_face_cascade(), "side")) {
    figure_.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
  }

  std::vector<cv::Rect> find(const cv::Mat& bgr, const cv::Mat& shown) {
    const cv::Rect region = cv::boundingRect(shown);
    if (region.width < smallest_face_px || region.height < smallest_face_px) return {};
    const double scale = std::min(1.0, widest_searched_px / std::max(bgr.cols, bgr.rows));
    cv::Mat grey;
    cv::cvtColor(bgr(region), grey, cv::COLOR_BGR2GRAY);
    if (scale < 1) cv::resize(grey, grey, {}, scale, scale, cv::INTER_AREA);
    std::vector<cv::Rect> out;
    for (const cv::Rect& found : search(grey)) {
      const cv::Rect there(cv::Point2d(found.tl()) / scale, cv::Size2d(found.size()) / scale);
      const cv::Rect box = wider(there + region.tl()) & cv::Rect({0, 0}, bgr.size());
      if (!box.empty() && cv::countNonZero(shown(box)) > 0) out.push_back(box);
    }
    return out;
  }

 private:
  std::vector<cv::Rect> search(const cv::Mat& grey) {
    std::vector<cv::Rect> all, some;
    if (grey.cols >= figure_.winSize.width && grey.rows >= figure_.winSize.height)
      figure_.detectMultiScale(grey, all, 0, {8, 8}, {}, figure_step);
    front_.detectMultiScale(grey, some, face_step, face_agreement, 0,
                            {smallest_face_px, smallest_face_px});
    all.insert(all.end(), some.begin(), some.end());
    cv::Mat half;
    cv::resize(grey, half, grey.size() / side_halving, 0, 0, cv::INTER_AREA);
    for (const bool mirrored : {false, true}) {
      // The cascade knows faces that look to one side; the others are its mirror images.
      if (mirrored) cv::flip(half, half, 1);
      side_.detectMultiScale(half, some, face_step, face_agreement, 0,
                             {smallest_side_face_px, smallest_side_face_px});
      for (cv::Rect face : some) {
        if (mirrored) face.x = half.cols - face.x - face.width;
        all.emplace_back(face.tl() * side_halving, face.size() + face.size());
      }
    }
    return all;
  }

  cv::HOGDescriptor figure_;
  cv::CascadeClassifier front_, side_;
};

}  // namespace

FindPeople opencv_people_finder() {
  return [finder = std::make_shared<Finder>()](const cv::Mat& bgr, const cv::Mat& shown) {
    return finder->find(bgr, shown);
  };
}

}  // namespace jieding::vision
