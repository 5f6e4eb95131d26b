#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/domain/observation.hpp"
#include "vision/camera_setup.hpp"
#include "vision/people.hpp"
#include "vision/wire.hpp"

namespace jieding::vision {

/// The whole way of a picture for one camera: decode, quality gate, registration, privacy mask,
/// facade strips, evidence, filter, stage, overlay. Lives in the vision process, on its one thread.
/// A later frame never changes what an earlier one was told, and there is no clock in it.
class Estimator {
 public:
  /// `find_people`: whom to hide on the pictures that leave; shared by all cameras. A camera that
  /// does not publish looks for nobody.
  explicit Estimator(CameraSetup setup, FindPeople find_people = opencv_people_finder());
  ~Estimator();
  Estimator(Estimator&&) noexcept;
  Estimator& operator=(Estimator&&) noexcept;

  /// Never throws for a bad picture: a refused frame says why and carries the estimates on.
  /// Counts that people confirmed correct the storeys and, with them, what was learned about how
  /// far the works run ahead of the slab.
  FrameReport see(const Frame& frame);

  /// All that is needed to go on as if never stopped. For 16 facades of 110 storeys it is at most
  /// `largest_state` bytes, whatever is known of them.
  std::string state() const;
  /// False, and as new, when the blob is not one of this camera's.
  bool restore(std::string_view state);

  static constexpr std::size_t largest_state = wire::largest_blob;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace jieding::vision
