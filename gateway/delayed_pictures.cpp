#include "gateway/delayed_pictures.hpp"

#include <chrono>
#include <utility>

namespace jieding {

boost::asio::awaitable<Result<std::optional<sync::BuildingPicture>>> DelayedPictures::newest(
    std::string building, Instant by) {
  const Instant minute = std::chrono::floor<std::chrono::minutes>(by);
  const auto known = known_.find(building);
  if (known != known_.end() && known->second.by == minute) co_return known->second.picture;
  auto picture = co_await cameras_.newest_picture(building, minute);
  if (!picture) co_return picture.error();
  known_.insert_or_assign(std::move(building), Known{minute, *picture});
  co_return picture;
}

}  // namespace jieding
