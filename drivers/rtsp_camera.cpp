// Cameras that only stream: one key frame of an RTSP stream at a beat, fetched and decoded by
// FFmpeg's program in a process of its own. Address and password go into its standard input, as a
// script of its `concat` demuxer; its arguments are the same for all. The address is that of a
// relay, which leads to the camera only.

#include <unistd.h>

#include <array>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url.hpp>

#include "drivers/camera_access.hpp"
#include "drivers/camera_rounds.hpp"
#include "drivers/decoder.hpp"
#include "drivers/rtsp_relay.hpp"

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
  static constexpr std::array<std::array<std::string_view, 2>, 5> known{{
      {"401", "refuses user and password; correct them"},
      {"403", "forbids the stream to this user"},
      {"404", "knows no such stream; correct the path in url"},
      {"454", "ended the session at once"},
      {"timed out", "does not answer in time"},
  }};
  for (const auto& [word, reason] : known) {
    if (complaint.find(word) != std::string::npos) return std::string(reason);
  }
  return "sends nothing that can be decoded";
}

std::string program_of(const config::Config& config) {
  return config.driver("rtsp").get("program", std::string(default_program));
}

std::string lacking(const config::Config& config) {
  const std::string program = program_of(config);
  if (::access(program.c_str(), X_OK) == 0) return {};
  return "cannot run " + program +
         "; install FFmpeg (Debian: ffmpeg), or correct driver.rtsp.program";
}

/// The camera's `url`, which the configuration reader has looked at.
urls::url url_of(const config::Camera& camera) {
  const auto text = camera.settings.get<std::string>("url");
  return urls::url(urls::string_view(text.data(), text.size()));
}

RtspRelay::Camera reached_at(const config::Camera& camera) {
  const urls::url url = url_of(camera);
  RtspRelay::Camera at;
  const auto host = url.encoded_host_address();
  at.host = std::string(host.data(), host.size());
  if (url.port_number() != 0) at.port = url.port_number();
  const bool has_password = camera.settings.has("user");
  at.basic_allowed = !has_password || camera.settings.get("basic_in_clear", false);
  return at;
}

/// `user:password@`
std::string login_of(const config::Camera& camera) {
  const auto user = camera.settings.get<std::string>("user");
  if (user.empty()) return {};
  const std::string password =
      read_password("camera " + camera.id, camera.settings.get<std::string>("password_file"));
  return encoded(user) + ":" + encoded(password) + "@";
}

class RtspCamera final : public PictureSource {
 public:
  RtspCamera(const DriverContext& context, const config::Camera& camera)
      : login_(login_of(camera)),
        timeout_(camera.settings.get("timeout", default_timeout)),
        relay_(context.io, reached_at(camera)),
        decoder_(context.io, program_of(context.config), {timeout_, largest_picture}) {
    const urls::url url = url_of(camera);
    const auto path = url.encoded_resource();
    path_ = std::string(path.data(), path.size());
  }

  asio::awaitable<Result<std::string>> fetch() override {
    const auto port = relay_.open();
    if (!port) co_return port.error().in("RTSP");
    auto output = co_await decoder_.run(script(*port));
    const auto cut_off = relay_.close();
    if (output && !output->picture.empty()) co_return std::move(output->picture);
    if (cut_off) co_return cut_off->in("RTSP");
    if (!output) co_return output.error().in("RTSP");
    const bool refused = output->complaint.find("401") != std::string::npos;
    co_return Error(refused ? Fault::Refused : Fault::Unavailable,
                    "RTSP: the camera " + reason_in(output->complaint));
  }
  void cancel() override { decoder_.cancel(); }

 private:
  /// Of FFmpeg's concat demuxer; times in microseconds.
  std::string script(std::uint16_t port) const {
    // It tells silence from nothing else, so the watchdog is to be earlier; this is for a child
    // whose gateway was killed.
    const auto patience = timeout_ + milliseconds{1000};
    return "ffconcat version 1.0\nfile 'rtsp://" + login_ + "127.0.0.1:" + std::to_string(port) +
           path_ +
           "'\noption rtsp_transport tcp\noption allowed_media_types video\n"
           "option fpsprobesize 0\noption timeout " +
           std::to_string(std::chrono::microseconds(patience).count()) + "\n";
  }

  std::string login_;
  std::string path_;
  milliseconds timeout_;
  RtspRelay relay_;
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
    Key{"basic_in_clear", KeyKind::Boolean, false,
        "send the password unencrypted where the camera knows no Digest; false"},
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
    make,
    lacking};

}  // namespace jieding::drivers
