// Cameras that only stream: one key frame of an RTSP stream at a beat, fetched and decoded by
// FFmpeg's program in a process of its own. Address and password go into its standard input, as a
// script of its `concat` demuxer; its arguments are the same for all.

#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "drivers/camera_access.hpp"
#include "drivers/camera_rounds.hpp"
#include "drivers/decoder.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
namespace urls = boost::urls;
using config::Key;
using config::KeyKind;
using std::chrono::milliseconds;

constexpr std::string_view default_program = "/usr/bin/ffmpeg";
constexpr milliseconds default_timeout{30'000};
constexpr std::size_t longest_url = 1000;

std::string encoded(const std::string& text) {
  return urls::encode(text, urls::unreserved_chars);
}

/// What FFmpeg says, in words that hold no address: it repeats the one with the password.
std::string reason_in(const std::string& complaint) {
  static constexpr std::array<std::array<std::string_view, 2>, 7> known{{
      {"401", "refuses user and password; correct them"},
      {"403", "forbids the stream to this user"},
      {"404", "knows no such stream; correct the path in url"},
      {"454", "ended the session at once"},
      {"Connection refused", "refuses the connection; is RTSP switched on, is the port right?"},
      {"No route to host", "cannot be reached"},
      {"timed out", "does not answer in time"},
  }};
  for (const auto& [word, reason] : known) {
    if (complaint.find(word) != std::string::npos) return std::string(reason);
  }
  return "sends nothing that can be decoded";
}

class RtspCamera final : public PictureSource {
 public:
  RtspCamera(const DriverContext& context, const config::Camera& camera)
      : script_(script_for(camera)),
        decoder_(context.io,
                 context.config.driver("rtsp").get("program", std::string(default_program)),
                 {camera.settings.get("timeout", default_timeout), largest_picture}) {}

  asio::awaitable<Result<std::string>> fetch() override {
    auto output = co_await decoder_.run(script_);
    if (!output) co_return output.error().in("RTSP");
    if (!output->picture.empty()) co_return std::move(output->picture);
    const bool refused = output->complaint.find("401") != std::string::npos;
    co_return Error(refused ? Fault::Refused : Fault::Unavailable,
                    "RTSP: the camera " + reason_in(output->complaint));
  }
  void cancel() override { decoder_.cancel(); }

 private:
  /// Of FFmpeg's concat demuxer; times in microseconds.
  static std::string script_for(const config::Camera& camera) {
    std::string url = camera.settings.get<std::string>("url");
    const auto user = camera.settings.get<std::string>("user");
    if (!user.empty()) {
      const std::string password =
          read_password("camera " + camera.id, camera.settings.get<std::string>("password_file"));
      url.insert(url.find("//") + 2, encoded(user) + ":" + encoded(password) + "@");
    }
    // It tells silence from nothing else, so the watchdog is to be earlier; this is for a child
    // whose gateway was killed.
    const auto patience = camera.settings.get("timeout", default_timeout) + milliseconds{1000};
    return "ffconcat version 1.0\nfile '" + url +
           "'\noption rtsp_transport tcp\noption allowed_media_types video\noption fpsprobesize 0\n"
           "option timeout " +
           std::to_string(std::chrono::microseconds(patience).count()) + "\n";
  }

  std::string script_;
  Decoder decoder_;
};

std::string wrong_rtsp_url(const config::Settings& camera, const config::Config&) {
  const auto text = camera.get<std::string>("url");
  const auto url = urls::parse_uri({text.data(), text.size()});
  const bool right = url && url->scheme() == "rtsp" && !url->host().empty() &&
                     text.size() <= longest_url && text.find('\'') == std::string::npos;
  if (!right) return "wrong value; write rtsp://ADDRESS/PATH";
  return url->has_userinfo() ? "user and password do not belong here; write user and password_file"
                             : "";
}

constexpr std::array settings{
    Key{"program", KeyKind::Path, false, "FFmpeg; /usr/bin/ffmpeg"},
};

constexpr std::array own_keys{
    Key{"url", KeyKind::Text, true, "its stream: \"rtsp://10.0.0.5/Streaming/Channels/101\"",
        wrong_rtsp_url},
    Key{"user", KeyKind::Text, false, "best one that may only look", wrong_user},
    Key{"password_file", KeyKind::Path, false, "its password: \"secrets/gate.password\""},
    Key{"timeout", KeyKind::Duration, false, "until the picture is there; 30s", wrong_timeout},
};
constexpr auto unit_settings = joined(own_keys, round_keys);

std::unique_ptr<PictureSource> source(const DriverContext& context, const config::Camera& camera) {
  return std::make_unique<RtspCamera>(context, camera);
}

std::unique_ptr<Driver> make(const DriverContext& context) {
  return make_camera_rounds(context, "rtsp", source);
}

}  // namespace

extern const DriverType rtsp_camera_driver{
    "rtsp",
    "cameras that stream: one key frame by RTSP, decoded by FFmpeg in its own process",
    true,
    settings,
    unit_settings,
    make};

}  // namespace jieding::drivers
