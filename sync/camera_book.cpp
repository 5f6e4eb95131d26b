#include "sync/camera_book.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace jieding::sync {

namespace asio = boost::asio;

asio::awaitable<Result<std::uint64_t>> CameraBook::change(CameraChange change) {
  const auto whole = std::make_shared<const CameraChange>(std::move(change));
  std::function<Result<std::uint64_t>(Database&)> work = [this, whole](Database& database) {
    return camera_table::record(database, ledger_, *whole);
  };
  co_return co_await journal_.write<std::uint64_t>(std::move(work), Importance::Record);
}

asio::awaitable<Result<std::vector<StoredCameraSetup>>> CameraBook::all() {
  std::function<Result<std::vector<StoredCameraSetup>>(Database&)> work = camera_table::all;
  co_return co_await journal_.read<std::vector<StoredCameraSetup>>(std::move(work));
}

asio::awaitable<Result<std::uint64_t>> CameraBook::publish(PublicPictures rule, std::string by,
                                                           Stamp said) {
  std::function<Result<std::uint64_t>(Database&)> work = [this, rule, by = std::move(by),
                                                          said](Database& database) {
    return public_pictures::set(database, ledger_, rule, by, said);
  };
  co_return co_await journal_.write<std::uint64_t>(std::move(work), Importance::Record);
}

asio::awaitable<Result<std::optional<LatestPicture>>> CameraBook::latest_picture(
    std::string camera) {
  std::function<Result<std::optional<LatestPicture>>(Database&)> work =
      [camera = std::move(camera)](Database& database) {
        return outbox::latest_picture(database, camera);
      };
  co_return co_await journal_.read<std::optional<LatestPicture>>(std::move(work));
}

asio::awaitable<Result<std::optional<BuildingPicture>>> CameraBook::newest_picture(
    std::string building, Instant by) {
  std::function<Result<std::optional<BuildingPicture>>(Database&)> work =
      [building = std::move(building), by](Database& database) {
        return frame_log::newest_picture(database, building, by);
      };
  co_return co_await journal_.read<std::optional<BuildingPicture>>(std::move(work));
}

}  // namespace jieding::sync
