#pragma once
// What those who only look see of a building while the operator delays pictures: the newest one
// that is old enough.

#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>

#include "sync/camera_book.hpp"

namespace jieding {

/// Thread-bound to io; the book outlives it.
class DelayedPictures {
 public:
  explicit DelayedPictures(sync::CameraBook& cameras) : cameras_(cameras) {}

  /// Of a building, taken by an instant; the store is asked once for each minute of it, however
  /// many look.
  boost::asio::awaitable<Result<std::optional<sync::BuildingPicture>>> newest(std::string building,
                                                                              Instant by);

 private:
  struct Known {
    Instant by;
    std::optional<sync::BuildingPicture> picture;
  };

  sync::CameraBook& cameras_;
  std::map<std::string, Known> known_;  ///< by building
};

}  // namespace jieding
