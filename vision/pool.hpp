#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vision/change.hpp"
#include "vision/colour_fit.hpp"
#include "vision/facade.hpp"
#include "vision/registration.hpp"

namespace jieding::vision {

/// Pictures in which the facades, or their upper parts, were still empty. Each keeps, per facade,
/// the height above which it shows background, and that below which it shows the building. Bounded;
/// when full, of the two most alike the one that shows less goes.
class Pool {
 public:
  static constexpr std::size_t capacity = 14;
  /// Pictures to which a map of colours is fitted at most: one that it does not fit explains
  /// nothing and costs as much.
  static constexpr std::size_t most_tried = 9;

  /// The pool lives on what it stores, so that a restart changes nothing: the picture is the
  /// decoded `jpeg`, the rest is worked out from it once.
  struct Picture {
    std::string jpeg;
    std::vector<double> empty_above;  ///< storeys, per facade
    std::vector<int> built_below;     ///< storeys, per facade
    Placing placing;                  ///< the picture was put back from here
    cv::Mat bgr;
    cv::Mat colours;  ///< at a coarse grid of the surroundings: light, weather, season
    /// Worked out when a new picture is first placed by this one: many go before they are asked.
    mutable std::optional<Landmarks> landmarks;
    std::vector<uchar> points_shown;     ///< per sample beside the buildings: 0 where not in it
    std::vector<cv::Mat> strips, edges;  ///< per facade
    std::vector<cv::Mat> shown;          ///< per facade, CV_8U: 255 where the strip is in it

    double hidden() const;  ///< storeys, over all facades
  };

  /// `shown`: 255 where pictures are not hidden, so where one can be compared with another.
  Pool(const std::vector<Facade>& facades, const cv::Mat& shown);

  /// Per facade; `bgr` was put back from `placing`, and the picture before it showed background
  /// above those heights. With an empty pool nothing is known.
  std::vector<Change> compare(const cv::Mat& bgr, const Placing& placing,
                              const std::vector<double>& empty_above) const;
  void add(const cv::Mat& bgr, const Placing& placing, std::vector<double> empty_above,
           std::vector<int> built_below);
  /// People counted so many storeys: no picture kept shows more of the building.
  void confirm(std::size_t facade, int storeys);
  /// For restoring: false when the bytes are not a picture of this camera.
  bool add_stored(std::string jpeg, const Placing& placing, std::vector<double> empty_above,
                  std::vector<int> built_below);

  /// Outlines of the pictures nearest in light, for placing a new one that is not put back yet:
  /// it lies about where the last one did.
  std::vector<const Landmarks*> likest(const cv::Mat& bgr, const Placing& last,
                                       std::size_t count) const;
  Landmarks landmarks(const cv::Mat& bgr) const { return registration_.landmarks(bgr); }
  const Registration& registration() const { return registration_; }

  const std::vector<Picture>& pictures() const { return pictures_; }
  /// Per facade: 255 where the strip of a picture put back from here lies inside that picture.
  std::vector<cv::Mat> shown_from(const Placing& placing) const;

 private:
  struct Fitted {
    std::size_t picture;
    ColourFit fit;
  };
  std::vector<uchar> points_shown(const Placing& placing) const;
  /// A sample that lies before a facade.
  struct Before {
    std::size_t facade;
    double height;  ///< storeys
  };
  void add_points_before(const cv::Mat& shown);
  bool shows_background(std::size_t point, const Picture& picture,
                        const std::vector<double>& empty_above) const;
  std::vector<Fitted> fits(const cv::Mat& bgr, const Placing& placing,
                           const std::vector<double>& empty_above) const;
  std::vector<FittedStrip> strips_of(std::size_t facade, const std::vector<Fitted>& fits) const;
  std::vector<std::size_t> order_of_light(const cv::Mat& colours) const;
  cv::Mat colours(const cv::Mat& bgr) const;
  cv::Mat colours(const cv::Mat& bgr, const Placing& placing) const;
  std::size_t superfluous(const cv::Mat& colours, double hidden) const;

  const std::vector<Facade>& facades_;
  std::vector<cv::Mat> row_of_;    ///< per facade: the picture row of each strip pixel, 0..1
  std::vector<cv::Point> points_;  ///< samples: beside the buildings, then those before them
  std::vector<Before> before_;     ///< what the last of them lie before
  cv::Mat beside_;                 ///< 255 beside all buildings
  Registration registration_;
  std::vector<Picture> pictures_;
};

}  // namespace jieding::vision
