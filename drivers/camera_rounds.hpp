#pragma once
// Cameras that are asked for their pictures: each at its beat, whatever way the picture comes.

#include <array>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/driver.hpp"
#include "drivers/picture.hpp"

namespace jieding::drivers {

/// One camera's way of giving a picture. Thread-bound to io; one picture at a time.
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  /// A picture as the camera encoded it. Refused: its credentials are wrong, and asking again soon
  /// would have the camera lock the account.
  virtual boost::asio::awaitable<Result<std::string>> fetch() = 0;
  /// Ends a fetch under way, with an error.
  virtual void cancel() = 0;
};

using MakeSource = std::unique_ptr<PictureSource> (*)(const DriverContext&, const config::Camera&);

/// A driver for all cameras with `driver = "NAME"`. A camera that fails is its own health, not the
/// end of the others: it is tried again by itself, with back-off.
std::unique_ptr<Driver> make_camera_rounds(const DriverContext& context, std::string_view name,
                                           MakeSource make_source);

/// What is wrong with `every`.
std::string wrong_round(const config::Settings& camera, const config::Config& before);

/// Keys that each [[camera]] of such a driver has.
inline constexpr std::array round_keys{
    config::Key{"every", config::KeyKind::Duration, false, "how often it is asked; 5m",
                wrong_round},
    config::Key{"stuck_after", config::KeyKind::Duration, false, stuck_after_help},
};

}  // namespace jieding::drivers
