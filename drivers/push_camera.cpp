// Cameras, phones and scripts that push their pictures: PUT /api/v1/cameras/{id}/frames with the
// camera's own token. Answered when the masked evidence is committed. A picture is known by its
// SHA-256: brought again, it gets the answer of before. It was taken when `Picture-Taken` says,
// else when it came; the time in its EXIF is not asked, because it names no time zone.

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <list>
#include <stdexcept>

#include "drivers/picture.hpp"
#include "drivers/pushed_driver.hpp"
#include "drivers/token.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::milliseconds;

/// Camera clocks that were never set.
constexpr Instant clocks_are_set = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
/// A camera that gives local time for UTC is up to fourteen hours ahead.
constexpr auto most_ahead = std::chrono::hours{24};
constexpr double default_pictures_per_minute = 20;

struct Pusher {
  const config::Camera* camera;
  TokenDigest token;
  TokenBucket pace;
  Stillness stillness;
  bool in_hand = false;  ///< one of its pictures is being sent or looked at
};

/// A camera's right to have one picture in hand: its pictures in memory are bounded by it.
class Turn {
 public:
  explicit Turn(Pusher& pusher) : pusher_(pusher) { pusher_.in_hand = true; }
  ~Turn() { pusher_.in_hand = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Pusher& pusher() const { return pusher_; }

 private:
  Pusher& pusher_;
};

http::Response wait_and_come_again(milliseconds wait, std::string_view detail) {
  auto response = http::problem(429, "Too many requests", detail);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers = {{"Retry-After", std::to_string(std::max<std::int64_t>(1, seconds))}};
  return response;
}

http::Response answer_of(const FrameAccepted& accepted) {
  json::array reasons;
  for (std::string_view rest = accepted.reasons; !rest.empty();) {
    const auto word = rest.substr(0, rest.find(','));
    reasons.emplace_back(word);
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  const json::object body{
      {"taken", to_rfc3339(accepted.taken)},
      {"usable", accepted.usable},
      {"reasons", std::move(reasons)},
      {"evidence", accepted.evidence_sha256.empty() ? json::value(nullptr)
                                                    : json::value(accepted.evidence_sha256)}};
  return {200, "application/json", json::serialize(body), {}};
}

/// Holds the tokens and the route; the HTTP server does the rest. Thread-bound to io.
class PushCameras final : public PushedDriver {
 public:
  explicit PushCameras(const DriverContext& context)
      : PushedDriver(context.io),
        clock_(context.clock),
        follows_pictures_(context.config.clock.mode == config::ClockMode::Playback),
        intake_(context.intake) {
    const double pace =
        context.config.driver("push").get("pictures_per_minute", default_pictures_per_minute);
    if (!(pace > 0)) throw std::runtime_error("driver.push: pictures_per_minute must be above 0");
    for (const config::Camera& camera : context.config.cameras) {
      if (camera.driver == "push") add(camera, pace);
    }
    context.routes.add({"PUT", "/api/v1/cameras/{id}/frames", largest_picture,
                        [this](http::Request request) { return take(std::move(request)); },
                        [this](http::Request& request) { return refuse_early(request); }});
  }

  void read_token_again(std::string_view id) override {
    for (Pusher& pusher : pushers_)
      if (pusher.camera->id == id) pusher.token = token_of(*pusher.camera);
  }

 private:
  static TokenDigest token_of(const config::Camera& camera) {
    return read_token("camera " + camera.id, camera.settings.get<std::string>("token_file"));
  }

  void add(const config::Camera& camera, double pace) {
    const TokenDigest token = token_of(camera);
    if (find_by_token(pushers_, token) != nullptr) {
      throw std::runtime_error("camera " + camera.id + ": its token is another camera's too");
    }
    pushers_.push_back({&camera, token, TokenBucket(pace / 60, pace, runtime_.now()),
                        Stillness(camera.settings.get("stuck_after", default_stuck_after))});
  }

  /// Who may not send a picture now does not get to send its bytes.
  std::optional<http::Response> refuse_early(http::Request& request) {
    const auto token = http::bearer_token(request);
    Pusher* const pusher = token ? find_by_token(pushers_, digest_of_token(*token)) : nullptr;
    if (pusher == nullptr) return stranger(request, token.has_value());
    if (request.path_values["id"] != pusher->camera->id) {
      return refuse(request, *pusher, "foreign_camera", 403, "Forbidden",
                    "the token is that of camera " + pusher->camera->id +
                        "; send to /api/v1/cameras/" + pusher->camera->id + "/frames");
    }
    if (http::media_type(request) != "image/jpeg" || !request.header("content-encoding").empty()) {
      return refuse(request, *pusher, "content_type", 415, "Unsupported media type",
                    "send a JPEG as it is, as image/jpeg");
    }
    if (pusher->in_hand) {
      return wait_and_come_again(milliseconds{5000},
                                 "another picture of this camera is in hand; one at a time");
    }
    if (!pusher->pace.take(1, runtime_.now())) {
      return wait_and_come_again(pusher->pace.wait(1, runtime_.now()),
                                 "more than pictures_per_minute; wait and send the same again");
    }
    request.place = std::make_shared<Turn>(*pusher);
    return std::nullopt;
  }

  http::Response stranger(const http::Request& request, bool has_token) {
    if (has_token) {
      intake_.refuse({"push", request.peer, "", "token", "a token that no camera has", ""});
    }
    return http::problem(401, "Not authorised",
                         has_token ? "the token is no camera's; see its token_file"
                                   : "send the camera's token: Authorization: Bearer TOKEN");
  }

  /// Without its bytes: a picture that no mask has covered is kept nowhere.
  http::Response refuse(const http::Request& request, const Pusher& pusher, std::string_view reason,
                        int status, std::string_view title, const std::string& detail) {
    intake_.refuse({"push", request.peer, pusher.camera->id, std::string(reason), detail, ""});
    return http::problem(status, title, detail);
  }

  Result<Instant> taken(const http::Request& request) const {
    const Stamp now = clock_.now();
    const auto text = request.header("picture-taken");
    if (text.empty()) return now.at;
    const auto named = from_rfc3339(text);
    if (!named) {
      return Error{Fault::Invalid, "Picture-Taken: " + named.error().text() +
                                       "; write 2026-03-15T04:00:00Z, or leave it out"};
    }
    if (*named < clocks_are_set) {
      return Error{Fault::Invalid,
                   "Picture-Taken is before 2000; set the camera's clock, or leave it out"};
    }
    const bool sure = !follows_pictures_ && now.quality != TimeQuality::Unsynced;
    if (sure && *named > now.at + most_ahead) {
      return Error{Fault::Invalid, "Picture-Taken is more than a day from now (" +
                                       to_rfc3339(now.at) + "); set the camera's clock"};
    }
    return *named;
  }

  asio::awaitable<http::Response> take(http::Request request) {
    Pusher& pusher = static_cast<const Turn*>(request.place.get())->pusher();
    if (!is_jpeg(request.body)) {
      co_return refuse(request, pusher, "not_a_jpeg", 415, "Unsupported media type",
                       "the content is no JPEG");
    }
    const auto at = taken(request);
    if (!at) {
      co_return refuse(request, pusher, "time", 400, "Bad request", at.error().text());
    }
    const std::string camera = pusher.camera->id;
    const std::string name = sha256_of(request.body);
    auto known = co_await intake_.frame_answer(camera, name);
    if (!known) co_return http::problem(known.error());
    if (*known) {
      intake_.heard(camera);
      tell(pusher, name, **known, clock_.now().at);
      co_return answer_of(**known);
    }
    Frame frame{camera, name, *at, std::move(request.body)};
    const auto accepted = co_await intake_.frame(std::move(frame));
    if (!accepted) {
      intake_.health({camera, Health::Warning, accepted.error().text()});
      co_return http::problem(accepted.error());
    }
    tell(pusher, name, *accepted, *at);
    co_return answer_of(*accepted);
  }

  /// The commit has told that the camera is well; here follows what speaks against it.
  void tell(Pusher& pusher, const std::string& sha256, const FrameAccepted& accepted, Instant at) {
    pusher.stillness.note(sha256, is_frozen(accepted), at);
    if (auto trouble = pusher.stillness.trouble(pusher.camera->id)) intake_.health(*trouble);
  }

  const BusinessClock& clock_;
  bool follows_pictures_;
  Intake& intake_;
  RuntimeClock runtime_;
  std::list<Pusher> pushers_;
};

using config::KeyKind;

std::string wrong_token_file(const config::Settings& camera, const config::Config& before) {
  const auto file = camera.get<std::string>("token_file");
  const bool taken =
      std::any_of(before.cameras.begin(), before.cameras.end(), [&](const config::Camera& other) {
        return other.driver == "push" && other.settings.get<std::string>("token_file") == file;
      });
  return taken ? "another [[camera]] has this token; give each its own file" : "";
}

constexpr std::array settings{
    config::Key{"pictures_per_minute", KeyKind::Number, false,
                "each camera may push so many, and as many at once; 20"},
};

constexpr std::array unit_settings{
    config::Key{"token_file", KeyKind::Path, true, "its bearer token: \"secrets/gate.token\"",
                wrong_token_file},
    config::Key{"stuck_after", KeyKind::Duration, false, stuck_after_help},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<PushCameras>(context);
}

}  // namespace

extern const DriverType push_camera_driver{
    "push",        "cameras, phones and scripts that push pictures over HTTP",
    true,          settings,
    unit_settings, make};

}  // namespace jieding::drivers
