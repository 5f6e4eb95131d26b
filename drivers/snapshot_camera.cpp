// Cameras that give a JPEG at an address of their own (snapshot URL), asked for it at a beat.

#include <array>

#include "drivers/camera_access.hpp"
#include "drivers/camera_rounds.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using config::Key;
using config::KeyKind;

class Snapshot final : public PictureSource {
 public:
  Snapshot(const DriverContext& context, const config::Camera& camera)
      : address_(address_of(camera)), client_(context.io, access_of(camera)) {}

  asio::awaitable<Result<std::string>> fetch() override {
    auto answer = co_await client_.get(address_);
    if (!answer) co_return answer.error();
    co_return picture_in(std::move(*answer), address_);
  }
  void cancel() override { client_.cancel(); }

 private:
  WebAddress address_;
  HttpClient client_;
};

constexpr std::array own_keys{
    Key{"url", KeyKind::Text, true, "where it gives a JPEG: \"http://10.0.0.5/snapshot.jpg\"",
        wrong_url},
};
constexpr auto unit_settings = joined(own_keys, access_keys, round_keys);

std::unique_ptr<PictureSource> source(const DriverContext& context, const config::Camera& camera) {
  return std::make_unique<Snapshot>(context, camera);
}

std::unique_ptr<Driver> make(const DriverContext& context) {
  return make_camera_rounds(context, "snapshot", source);
}

}  // namespace

extern const DriverType snapshot_camera_driver{
    "snapshot", "cameras that give a JPEG over HTTP or HTTPS", true, {}, unit_settings, make};

}  // namespace jieding::drivers
