// Devices that push over HTTP: hoists, cranes, counters and whatever a contractor scripts.
// Readings come as SenML or plain JSON (pack.hpp), claims as JSON, what they rest on as documents.
// The token of a device says who it is.

#include <array>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "drivers/claim.hpp"
#include "drivers/digest.hpp"
#include "drivers/pack.hpp"
#include "drivers/pushed_driver.hpp"
#include "drivers/token.hpp"
#include "gateway/domain/milestone.hpp"
#include "gateway/runtime/media_type.hpp"
#include "gateway/runtime/once_key.hpp"
#include "gateway/runtime/token_bucket.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t longest_quarantined = 4096;
constexpr std::size_t longest_document = std::size_t{8} * 1024 * 1024;
/// A device that was cut off sends at most one whole pack at once.
constexpr double burst = static_cast<double>(senml::most_records);

struct Pusher {
  const config::Device* device;
  TokenDigest token;
  TokenBucket pace;
  plain_json::Dialect dialect;
};

http::Response json_response(const json::object& body) {
  return {200, "application/json", json::serialize(body), {}};
}

/// Holds the tokens and the routes; the HTTP server does the rest. Thread-bound to io.
class HttpPush final : public PushedDriver {
 public:
  explicit HttpPush(const DriverContext& context)
      : PushedDriver(context.io),
        config_(context.config),
        clock_(context.clock),
        intake_(context.intake) {
    const double pace = config_.driver("http").get("readings_per_second", 50.0);
    if (!(pace > 0)) throw std::runtime_error("driver.http: readings_per_second must be above 0");
    for (const config::Device& device : config_.devices) {
      if (device.driver != "http") continue;
      const TokenDigest token = read_token(device);
      if (find_by_token(pushers_, token) != nullptr) {
        throw std::runtime_error("device " + device.id + ": its token is another device's too");
      }
      pushers_.push_back({&device, token, TokenBucket(pace, burst, runtime_.now()),
                          pack::dialect_of(device.settings)});
    }
    context.routes.add({"POST", "/api/v1/readings", pack::longest_body,
                        [this](http::Request request) { return readings(std::move(request)); }});
    context.routes.add({"POST", "/api/v1/claims", longest_claim,
                        [this](http::Request request) { return claim(std::move(request)); }});
    context.routes.add({"PUT", "/api/v1/documents/{sha256}", longest_document,
                        [this](http::Request request) { return document(std::move(request)); },
                        [this](const http::Request& request) { return refuse_document(request); }});
  }

  void read_token_again(std::string_view id) override {
    for (Pusher& pusher : pushers_)
      if (pusher.device->id == id) pusher.token = read_token(*pusher.device);
  }

 private:
  Pusher* sender(const http::Request& request) {
    const auto token = http::bearer_token(request);
    return token ? find_by_token(pushers_, digest_of_token(*token)) : nullptr;
  }

  http::Response stranger(const http::Request& request) {
    const bool given = http::bearer_token(request).has_value();
    if (given) {
      intake_.refuse({"http", request.peer, "", "token", "a token that no device has", ""});
    }
    return http::problem(401, "Not authorised",
                         given ? "the token is no device's; see its token_file"
                               : "send the device's token: Authorization: Bearer TOKEN");
  }

  http::Response refuse(const http::Request& request, const Pusher& pusher, std::string_view reason,
                        int status, std::string_view title, const std::string& detail) {
    intake_.refuse({"http", request.peer, pusher.device->id, std::string(reason), detail,
                    request.body.substr(0, longest_quarantined)});
    return http::problem(status, title, detail);
  }

  http::Response refuse_pack(const http::Request& request, const Pusher& pusher,
                             const Error& error) {
    switch (error.kind()) {
      case Fault::Refused:
        return refuse(request, pusher, "foreign_device", 403, "Forbidden", error.text());
      case Fault::TooMuch:
        return refuse(request, pusher, "too_large", 413, "Content too large", error.text());
      default:
        return refuse(request, pusher, "format", 400, "Bad request", error.text());
    }
  }

  asio::awaitable<http::Response> readings(http::Request request) {
    Pusher* const pusher = sender(request);
    if (pusher == nullptr) co_return stranger(request);
    const std::string type = http::media_type(request);
    const bool plain = type == "application/json";
    if (!plain && type != "application/senml+json") {
      co_return refuse(request, *pusher, "content_type", 415, "Unsupported media type",
                       "send SenML as application/senml+json, plain JSON as application/json");
    }
    auto batch = pack::parse(request.body, plain ? pack::Form::Either : pack::Form::SenmlOnly,
                             {config_.site.id, pusher->device->id, clock_.now()}, pusher->dialect);
    if (!batch) co_return refuse_pack(request, *pusher, batch.error());
    if (!pusher->pace.take(static_cast<double>(batch->size()), runtime_.now())) {
      co_return http::problem(429, "Too many requests",
                              "more than readings_per_second; wait and send the same again");
    }
    auto once = http::once_key(request, pusher->device->id);
    if (!once) co_return http::problem(once.error());
    const auto accepted = co_await hand_in(std::move(*batch), std::move(*once));
    if (!accepted) co_return http::problem(accepted.error());
    co_return json_response({{"stored", accepted->stored},
                             {"repeated", accepted->repeated},
                             {"conflicting", accepted->conflicting}});
  }

  asio::awaitable<Result<Accepted>> hand_in(Batch batch, std::optional<OnceKey> once) {
    if (once) return intake_.readings_once(std::move(batch), std::move(*once));
    return intake_.readings(std::move(batch));
  }

  asio::awaitable<http::Response> claim(http::Request request) {
    Pusher* const pusher = sender(request);
    if (pusher == nullptr) co_return stranger(request);
    if (http::media_type(request) != "application/json") {
      co_return refuse(request, *pusher, "content_type", 415, "Unsupported media type",
                       "send the claim as application/json");
    }
    if (request.body.size() > longest_claim) {
      co_return refuse(request, *pusher, "too_large", 413, "Content too large",
                       "a claim has at most 16 KiB");
    }
    auto claim = parse_claim(request.body, config_);
    if (!claim) {
      co_return refuse(request, *pusher, "format", 400, "Bad request", claim.error().text());
    }
    if (!pusher->pace.take(1, runtime_.now())) {
      co_return http::problem(429, "Too many requests", "wait and send the claim again");
    }
    auto once = http::once_key(request, pusher->device->id);
    if (!once) co_return http::problem(once.error());
    claim->once = std::move(*once);
    claim->by = pusher->device->id;
    claim->owner = pusher->device->owner;
    const auto accepted = co_await intake_.claim(std::move(*claim));
    if (!accepted) co_return http::problem(accepted.error());
    co_return json_response(
        {{"status", to_text(accepted->status)}, {"ledger_index", accepted->ledger_index}});
  }

  /// What the header shows already: strangers must not fill the memory.
  std::optional<http::Response> refuse_document(const http::Request& request) {
    const Pusher* pusher = sender(request);
    if (pusher == nullptr) return stranger(request);
    const std::string type = http::media_type(request);
    for (const char* taken : {"application/pdf", "image/jpeg", "image/png"})
      if (type == taken) return std::nullopt;
    return refuse_file(request, *pusher, "content_type", 415,
                       "send application/pdf, image/jpeg or image/png");
  }

  /// Nothing of a document goes to the quarantine: it may hold names.
  http::Response refuse_file(const http::Request& request, const Pusher& pusher,
                             std::string_view reason, int status, const std::string& detail) {
    intake_.refuse({"http", request.peer, pusher.device->id, std::string(reason), detail, ""});
    return http::problem(status, status == 415 ? "Unsupported media type" : "Bad request", detail);
  }

  asio::awaitable<http::Response> document(http::Request request) {
    if (auto refusal = refuse_document(request)) co_return std::move(*refusal);
    Pusher* const pusher = sender(request);
    const std::string type = http::media_type(request);
    if (media_type_of(request.body) != type) {
      co_return refuse_file(request, *pusher, "document_type", 415, "its bytes are not " + type);
    }
    if (sha256_hex(request.body) != request.path_values["sha256"]) {
      co_return refuse_file(request, *pusher, "document_hash", 400,
                            "its SHA-256 in lower-case hexadecimal is not the one in the path");
    }
    if (!pusher->pace.take(1, runtime_.now())) {
      co_return http::problem(429, "Too many requests", "wait and send the document again");
    }
    const std::size_t size = request.body.size();
    const auto kept = co_await keep(pusher->device->id, std::move(request.body));
    if (!kept) co_return http::problem(kept.error());
    auto response = json_response({{"sha256", kept->sha256}, {"type", type}, {"bytes", size}});
    if (kept->fresh) response.status = 201;
    co_return response;
  }

  asio::awaitable<Result<DocumentKept>> keep(const std::string& device, std::string bytes) {
    return intake_.document({device, std::move(bytes)});
  }

  const config::Config& config_;
  const BusinessClock& clock_;
  Intake& intake_;
  RuntimeClock runtime_;
  std::vector<Pusher> pushers_;
};

using config::KeyKind;

constexpr std::array settings{
    config::Key{"readings_per_second", KeyKind::Number, false,
                "each device may push so many, bursts of one pack apart; 50"},
};

std::unique_ptr<Driver> make(const DriverContext& context) {
  return std::make_unique<HttpPush>(context);
}

}  // namespace

extern const DriverType http_push_driver{
    "http", "devices that push readings and claims over HTTP", false, settings, pack::device_keys,
    make};

}  // namespace jieding::drivers
