#pragma once
// The store's door for what operators set up of cameras on the page.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "sync/camera_table.hpp"
#include "sync/frame_log.hpp"
#include "sync/journal.hpp"
#include "sync/outbox.hpp"
#include "sync/public_pictures.hpp"

namespace jieding::sync {

/// Thread-bound to io; what is handed in is on the disk when the awaitable resumes. Lives in the
/// store.
class CameraBook {
 public:
  CameraBook(Journal& journal, Ledger& ledger) : journal_(journal), ledger_(ledger) {}

  /// The event's index.
  boost::asio::awaitable<Result<std::uint64_t>> change(CameraChange change);
  boost::asio::awaitable<Result<std::vector<StoredCameraSetup>>> all();
  /// How soon viewers see pictures; the event's index.
  boost::asio::awaitable<Result<std::uint64_t>> publish(PublicPictures rule, std::string by,
                                                        Stamp said);
  /// Null: there is no picture of this camera.
  boost::asio::awaitable<Result<std::optional<LatestPicture>>> latest_picture(std::string camera);
  /// The newest good picture of a building that was taken by an instant; null: there is none.
  boost::asio::awaitable<Result<std::optional<BuildingPicture>>> newest_picture(
      std::string building, Instant by);

 private:
  Journal& journal_;
  Ledger& ledger_;
};

}  // namespace jieding::sync
