// ONVIF cameras: they are asked where their snapshot is, then for the snapshot, as often as it
// takes. Only the host that is configured is asked, whatever the device answers.

#include <algorithm>
#include <array>

#include "drivers/camera_access.hpp"
#include "drivers/camera_rounds.hpp"
#include "drivers/digest.hpp"
#include "drivers/onvif.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
using config::Key;
using config::KeyKind;

constexpr std::size_t nonce_bytes = 16;

/// The profile that is named; else the one whose pictures have the configured size; else the first.
const onvif::Profile* choose(const std::vector<onvif::Profile>& profiles, const std::string& named,
                             std::array<int, 2> size) {
  const auto by = [&](auto fits) {
    const auto found = std::find_if(profiles.begin(), profiles.end(), fits);
    return found == profiles.end() ? nullptr : &*found;
  };
  if (!named.empty()) return by([&](const onvif::Profile& each) { return each.token == named; });
  const auto* fitting = by([&](const onvif::Profile& each) {
    return size[0] > 0 && each.width == size[0] && each.height == size[1];
  });
  return fitting != nullptr ? fitting : &profiles.front();
}

/// The device's clock, by ours that never jumps.
class DeviceClock {
 public:
  void set(Instant told) {
    told_ = told;
    at_ = runtime_.now();
  }
  Instant now() const {
    return told_ + std::chrono::duration_cast<std::chrono::milliseconds>(runtime_.now() - at_);
  }

 private:
  RuntimeClock runtime_;
  Instant told_{};
  RuntimeClock::time_point at_{};
};

class OnvifCamera final : public PictureSource {
 public:
  OnvifCamera(const DriverContext& context, const config::Camera& camera)
      : device_(address_of(camera)),
        access_(access_of(camera)),
        profile_(camera.settings.get<std::string>("profile")),
        size_(camera.image_size),
        trusted_host_(camera.settings.get<std::string>("trusted_host")),
        replace_host_(camera.settings.get("replace_host", false)),
        clock_(context.clock),
        client_(context.io, access_) {}

  asio::awaitable<Result<std::string>> fetch() override {
    auto snapshot = co_await where();
    if (!snapshot) co_return snapshot.error();
    snapshot_.reset();  // asked for anew after any failure: it may hold for one start of the device
    auto answer = co_await client_.get(*snapshot);
    if (!answer) co_return answer.error();
    auto picture = picture_in(std::move(*answer), *snapshot);
    if (picture) snapshot_ = *snapshot;
    co_return picture;
  }
  void cancel() override { client_.cancel(); }

 private:
  asio::awaitable<Result<WebAddress>> where() {
    if (snapshot_) co_return *snapshot_;
    auto ready = co_await ask_clock();
    if (!ready) co_return ready.error();
    const auto media = co_await media_service();
    if (!media) co_return media.error();
    std::string question = onvif::get_profiles(signature());
    auto answer = co_await say(*media, std::move(question));
    if (!answer) co_return answer.error();
    const auto profiles = onvif::read_profiles(*answer);
    if (!profiles) co_return profiles.error();
    const auto* profile = choose(*profiles, profile_, size_);
    if (profile == nullptr) co_return no_such_profile(*profiles);
    question = onvif::get_snapshot_uri(signature(), profile->token);
    answer = co_await say(*media, std::move(question));
    if (!answer) co_return answer.error();
    const auto uri = onvif::read_snapshot_uri(*answer);
    if (!uri) co_return uri.error();
    co_return own(*uri, "its snapshot");
  }

  /// A digest is refused when the clocks differ, so the device's is used. One that does not tell it
  /// is believed to go right.
  asio::awaitable<Result<void>> ask_clock() {
    std::string question = onvif::get_system_date_and_time();
    const auto answer = co_await say(device_, std::move(question));
    if (!answer) co_return answer.error();
    const auto told = onvif::read_clock(*answer);
    device_clock_.set(told ? *told : clock_.now().at);
    co_return Result<void>{};
  }

  asio::awaitable<Result<WebAddress>> media_service() {
    std::string question = onvif::get_capabilities(signature());
    auto answer = co_await say(device_, std::move(question));
    if (!answer) co_return answer.error();
    auto address = onvif::read_media_capability(*answer);
    if (!address && address.error().kind() != Fault::Refused) {
      question = onvif::get_services(signature());
      answer = co_await say(device_, std::move(question));
      if (!answer) co_return answer.error();
      address = onvif::read_media_service(*answer);
    }
    if (!address) co_return address.error();
    co_return own(*address, "its media service");
  }

  onvif::Signed signature() const {
    if (access_.credentials.user.empty()) return std::nullopt;
    return onvif::Signature{access_.credentials, random_bytes(nonce_bytes), device_clock_.now()};
  }

  /// The answer's body, whatever its status: faults have statuses of their own.
  asio::awaitable<Result<std::string>> say(WebAddress to, std::string question) {
    std::string type(onvif::content_type);
    auto answer = co_await client_.post(std::move(to), std::move(type), std::move(question));
    if (!answer) co_return answer.error();
    co_return std::move(answer->body);
  }

  Error no_such_profile(const std::vector<onvif::Profile>& profiles) const {
    std::string known;
    for (const onvif::Profile& each : profiles)
      known += (known.empty() ? "" : ", ") + each.token.substr(0, 32);
    return {Fault::Invalid, "ONVIF: the device has no profile " + profile_ + "; write one of " +
                                known.substr(0, 200)};
  }

  /// An address that the device answers with, if it may be asked.
  Result<WebAddress> own(const std::string& told, const std::string& of_what) const {
    auto address = parse_web_address(told);
    if (!address) return address.error().in("ONVIF: the device's address of " + of_what);
    if (device_.tls && !address->tls) {
      return Error{Fault::Invalid, "ONVIF: the device answers with plain http for " + of_what +
                                       " (" + address->text() +
                                       "); give that address over https to driver \"snapshot\""};
    }
    if (address->host == device_.host || address->host == trusted_host_) return address;
    if (replace_host_) {
      address->host = device_.host;
      return address;
    }
    return Error{Fault::Invalid, "ONVIF: the device answers with another host for " + of_what +
                                     ", " + address->text() +
                                     ", which is not asked; write replace_host = true to ask " +
                                     device_.host + " instead, or trusted_host = \"" +
                                     address->host + "\" if it is right"};
  }

  WebAddress device_;
  HttpAccess access_;
  std::string profile_;
  std::array<int, 2> size_;
  std::string trusted_host_;
  bool replace_host_;
  const BusinessClock& clock_;
  HttpClient client_;
  DeviceClock device_clock_;
  std::optional<WebAddress> snapshot_;  ///< where the last picture came from
};

constexpr std::array own_keys{
    Key{"url", KeyKind::Text, true, "its ONVIF service: \"http://10.0.0.5/onvif/device_service\"",
        wrong_url},
    Key{"profile", KeyKind::Text, false,
        "token of a media profile; the one of image_size, else the first"},
    Key{"replace_host", KeyKind::Boolean, false,
        "ask the host of url where the device answers with another one; false"},
    Key{"trusted_host", KeyKind::Text, false, "another host that the device may answer with"},
};
constexpr auto unit_settings = joined(own_keys, access_keys, round_keys);

std::unique_ptr<PictureSource> source(const DriverContext& context, const config::Camera& camera) {
  return std::make_unique<OnvifCamera>(context, camera);
}

std::unique_ptr<Driver> make(const DriverContext& context) {
  return make_camera_rounds(context, "onvif", source);
}

}  // namespace

extern const DriverType onvif_camera_driver{
    "onvif", "cameras that tell by ONVIF where their JPEG is", true, {}, unit_settings, make};

}  // namespace jieding::drivers
