#include "gateway/web/server_core.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <boost/url/parse.hpp>
#include <exception>

#include "gateway/runtime/log.hpp"
#include "gateway/web/content_policy.hpp"

namespace jieding::web {
namespace {

using boost::asio::ip::address;

/// Sent with every answer, behind the content policy.
constexpr std::string_view security_headers =
    "; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
constexpr std::string_view transport_security = "Strict-Transport-Security: max-age=31536000\r\n";

/// Origin-form only (RFC 9112 §3.2.1). False: not a path that we serve.
bool read_target(std::string_view target, http::Request& request) {
  if (target.empty() || target.front() != '/') return false;
  if (target.find_first_of("?%#") == std::string_view::npos) {
    request.path = target;
    return true;
  }
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return false;
  request.path = url->path();
  for (const auto& parameter : url->params()) {
    request.query.emplace(parameter.key, parameter.value);
  }
  return request.path.find('\0') == std::string::npos;
}

/// `[::1]:8080` → `::1`, `box.local:8080` → `box.local`.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

bool is_address(std::string_view text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(text), error);
  return !error;
}

std::string http_date(Instant at) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto midnight = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day day{midnight};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - midnight)};
  const auto two = [](auto number) {
    const auto text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
  };
  const auto month = static_cast<unsigned>(day.month());
  std::string text(days[std::chrono::weekday{midnight}.c_encoding()]);
  text.append(", ").append(two(static_cast<unsigned>(day.day()))).append(" ");
  text.append(months[month - 1]).append(" ").append(std::to_string(static_cast<int>(day.year())));
  text.append(" ").append(two(time.hours().count())).append(":");
  text.append(two(time.minutes().count())).append(":").append(two(time.seconds().count()));
  return text + " GMT";
}

void add_line(std::string& head, std::string_view name, std::string_view value) {
  constexpr std::string_view breaks{"\r\n\0", 3};
  if (value.find_first_of(breaks) != std::string_view::npos) return;  // would split the header
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string client_of(const address& from) {
  if (from.is_v4()) return from.to_string();
  auto v6 = from.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return v6.is_loopback() ? v6.to_string() : boost::asio::ip::address_v6(bytes).to_string();
}

ServerCore::ServerCore(boost::asio::any_io_executor executor, const RuntimeClock& runtime_clock,
                       const http::Routes& table, ServerOptions chosen)
    : options(std::move(chosen)),
      clock(runtime_clock),
      io(executor),
      acceptor(executor),
      connection_seats(
          std::make_shared<Seats>(options.max_connections, options.max_connections_per_address)),
      stream_seats(std::make_shared<Seats>(options.max_streams, options.max_streams_per_address)),
      hub(std::make_shared<StreamHub>(executor, runtime_clock, options.stream_interval)),
      held(options.max_held_bytes),
      all_gone(executor),
      routes_(table),
      pace_(runtime_clock, options.requests_per_second, options.request_burst) {}

ServerCore::Verdict ServerCore::judge(http::Request& request, std::string_view target,
                                      const std::string& client) {
  Verdict verdict;
  const bool local = client == "127.0.0.1" || client == "::1";
  if ((!local || options.pace_loopback) && !pace_.allows(client)) {
    verdict.refusal = http::problem(429, "Too many requests", "this address asks too often; wait");
    return verdict;
  }
  verdict.refusal = refuse_host(request.header("host"));
  if (verdict.refusal) return verdict;
  if (!read_target(target, request)) {
    verdict.refusal = http::problem(400, "Bad request", "the target must be a path");
    return verdict;
  }
  const auto stream = streams.find(request.path);
  if (stream != streams.end() && request.method == "GET") {
    verdict.stream = &stream->second;
    return verdict;
  }
  auto match = routes_.match(request.method == "HEAD" ? "GET" : request.method, request.path);
  verdict.route = match.route;
  request.path_values = std::move(match.path_values);
  if (match.route) {
    if (match.route->gate) verdict.refusal = match.route->gate(request);
    return verdict;
  }
  const bool known = match.path_known || stream != streams.end();
  verdict.refusal = known ? refuse_method(request.path)
                          : http::problem(404, "Not found", "there is nothing at this path");
  return verdict;
}

std::optional<http::Response> ServerCore::refuse_host(std::string_view host) const {
  if (host.empty()) return http::problem(400, "Bad request", "the Host header is missing");
  // A foreign name that resolves to our loopback is DNS rebinding. Under TLS the certificate's name
  // is the guard.
  if (tls) return std::nullopt;
  const auto name = without_port(host);
  const bool ours = name == "localhost" || is_address(name) ||
                    std::ranges::find(options.host_names, name) != options.host_names.end();
  if (ours) return std::nullopt;
  return http::problem(421, "Misdirected request", "this box does not go by the name in Host");
}

http::Response ServerCore::refuse_method(std::string_view path) const {
  std::string allowed;
  for (const std::string_view method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    const bool stream = method == "GET" && streams.contains(path);
    if (!stream && !routes_.match(method, path).route) continue;
    allowed.append(allowed.empty() ? "" : ", ").append(method);
  }
  auto response = http::problem(405, "Method not allowed", "this path takes: " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

boost::asio::awaitable<http::Response> ServerCore::answer(const http::Route* route,
                                                          http::Request request) {
  try {
    co_return co_await route->handler(std::move(request));
  } catch (const std::exception& failure) {
    log::error("web", route->method + " " + route->pattern + ": " + failure.what());
  }
  co_return http::problem(500, "Internal error", "the box failed to answer; its log says why");
}

std::string ServerCore::head(const http::Response& response, bool keep_alive,
                             std::optional<std::size_t> length) {
  std::string text;
  text.reserve(1024);
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  text.append(reason.data(), reason.size()).append("\r\n");
  add_line(text, "Date", date());
  text.append("Content-Security-Policy: ").append(content_policy).append(security_headers);
  if (tls) text.append(transport_security);
  if (!response.content_type.empty()) add_line(text, "Content-Type", response.content_type);
  if (length) add_line(text, "Content-Length", std::to_string(*length));
  bool cached = false;
  for (const auto& [name, value] : response.headers) {
    add_line(text, name, value);
    cached = cached || name == "Cache-Control";
  }
  if (!cached) add_line(text, "Cache-Control", "no-store");
  if (!keep_alive) add_line(text, "Connection", "close");
  return text.append("\r\n");
}

const std::string& ServerCore::date() {
  const auto now = clock.now();
  if (date_.empty() || now - dated_ >= std::chrono::seconds{1}) {
    date_ = http_date(wall_clock_.now().at);
    dated_ = now;
  }
  return date_;
}

void ServerCore::closed(OpenConnection* connection) {
  connections.erase(connection);
  if (connections.empty()) all_gone.cancel();
}

}  // namespace jieding::web
