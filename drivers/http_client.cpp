#include "drivers/http_client.hpp"

#include <openssl/x509.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <stdexcept>

#include "drivers/digest.hpp"
#include "gateway/domain/hex.hpp"
#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/media_type.hpp"

namespace jieding::drivers {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<beast::tcp_stream>;
using Wanted = beast::http::request<beast::http::string_body>;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint32_t longest_header = 16 * 1024;
/// Also the longest head of a chunk, its extensions included.
constexpr std::size_t buffer_size = std::size_t{64} * 1024;
constexpr int most_redirects = 3;
/// Without credentials or with an old nonce, with a new one, with one more that was stale at once.
constexpr int most_attempts = 3;

/// What came back, with what only this file needs to know of it.
struct Reply {
  HttpAnswer answer;
  std::string location;
  std::string challenges;  ///< all WWW-Authenticate, joined by commas
};

std::string text_of(beast::string_view text) {
  return {text.data(), text.size()};
}

Reply reply_of(Parser& parser) {
  auto& message = parser.get();
  Reply reply;
  reply.answer.status = static_cast<int>(message.result_int());
  reply.answer.type = bare_media_type(text_of(message[beast::http::field::content_type]));
  reply.location = text_of(message[beast::http::field::location]);
  const auto [first, last] = message.equal_range(beast::http::field::www_authenticate);
  for (auto field = first; field != last; ++field)
    reply.challenges.append(reply.challenges.empty() ? "" : ", ").append(text_of(field->value()));
  reply.answer.etag = text_of(message[beast::http::field::etag]);
  const std::string cookie = text_of(message[beast::http::field::set_cookie]);
  reply.answer.cookie = cookie.substr(0, cookie.find(';'));
  reply.answer.body = std::move(message.body());
  return reply;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const bool done =
      certificate != nullptr && X509_digest(certificate, EVP_sha256(), bytes.data(), &size) == 1;
  return done ? to_hex({reinterpret_cast<const char*>(bytes.data()), size}) : std::string{};
}

/// Looks at a certificate as usual, and keeps its fingerprint for who must be told why not.
class Look {
 public:
  Look(const std::string& host, std::string& shown) : of_host_(host), shown_(&shown) {}
  bool operator()(bool so_far, asio::ssl::verify_context& context) const {
    *shown_ = fingerprint_of(X509_STORE_CTX_get0_cert(context.native_handle()));
    return of_host_(so_far, context);
  }

 private:
  asio::ssl::host_name_verification of_host_;
  std::string* shown_;
};

Error broken(const WebAddress& address, std::string_view what, const error_code& code) {
  std::string why = code.message();
  if (code == beast::error::timeout) why = "no answer in time";
  if (code == asio::error::eof || code == beast::http::error::end_of_stream ||
      code == beast::http::error::partial_message) {
    why = "the other side has hung up";
  }
  return {Fault::Unavailable, std::string(what) + " " + address.text() + ": " + why};
}

Error not_read(const WebAddress& address, const error_code& code, std::size_t longest) {
  if (code == beast::http::error::body_limit) {
    return {Fault::TooMuch, address.text() + " sends more than " + std::to_string(longest) +
                                " bytes; ask it for a smaller picture"};
  }
  if (code == beast::http::error::header_limit || code == beast::http::error::buffer_overflow) {
    return {Fault::TooMuch, address.text() + " sends a header that is too long"};
  }
  return broken(address, "read", code);
}

asio::ssl::context context_for(const HttpAccess& access) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  error_code failed;
  if (access.ca_file.empty()) {
    context.set_default_verify_paths(failed);
  } else {
    context.load_verify_file(access.ca_file.string(), failed);
    if (failed) {
      throw std::runtime_error("ca_file " + access.ca_file.string() + ": " + failed.message() +
                               "; give a readable PEM certificate");
    }
  }
  return context;
}

}  // namespace

std::string normal_fingerprint(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool capital = c >= 'A' && c <= 'F';
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (!capital && !digit && c != ':') return {};
    if (c != ':') digits += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return digits.size() == 64 ? digits : std::string{};
}

class HttpClient::Parts {
 public:
  Parts(asio::any_io_executor io, HttpAccess access)
      : io_(std::move(io)), access_(std::move(access)), tls_(context_for(access_)) {}

  asio::awaitable<Result<HttpAnswer>> ask(WebAddress address, Wanted wanted);
  void carry(std::string cookie) { cookie_ = std::move(cookie); }
  void cancel() {
    cancelled_ = true;
    if (stream_) beast::get_lowest_layer(*stream_).close();
  }

 private:
  beast::tcp_stream& socket() { return beast::get_lowest_layer(*stream_); }

  /// With credentials as often as it takes; the redirects are the caller's.
  asio::awaitable<Result<Reply>> ask_here(const WebAddress& address, Wanted& wanted);
  std::optional<Error> take_challenge(const WebAddress& address, const std::string& header,
                                      bool was_fresh);
  void answer_challenge(const WebAddress& address, Wanted& wanted);

  asio::awaitable<Result<Reply>> exchange(const WebAddress& address, const Wanted& wanted);
  asio::awaitable<Result<void>> connect(const WebAddress& address);
  asio::awaitable<Result<void>> secure(const WebAddress& address);
  template <class Stream>
  asio::awaitable<Result<Reply>> talk(const WebAddress& address, const Wanted& wanted,
                                      Stream& stream);

  asio::any_io_executor io_;
  HttpAccess access_;
  asio::ssl::context tls_;
  std::optional<TlsStream> stream_;  ///< of the question under way; plain HTTP uses its lower half
  std::optional<Challenge> challenge_;  ///< the last one, to be answered beforehand
  WebAddress challenger_;               ///< who it is from
  std::uint32_t uses_ = 0;              ///< of its nonce
  std::string cookie_;                  ///< empty: none
  bool cancelled_ = false;
};

asio::awaitable<Result<void>> HttpClient::Parts::connect(const WebAddress& address) {
  error_code not_a_number;
  const auto number = asio::ip::make_address(address.host, not_a_number);
  error_code failed;
  if (!not_a_number) {
    socket().expires_after(access_.timeout);
    const auto ended =
        co_await socket().async_connect(tcp::endpoint(number, address.port), as_result);
    failed = std::get<0>(ended);
  } else {
    // The resolver keeps the system's own time (resolv.conf: some seconds a try).
    tcp::resolver resolver(io_);
    const auto [unknown, endpoints] =
        co_await resolver.async_resolve(address.host, std::to_string(address.port), as_result);
    failed = unknown;
    if (cancelled_) failed = asio::error::operation_aborted;
    if (!failed) {
      socket().expires_after(access_.timeout);
      const auto ended = co_await socket().async_connect(endpoints, as_result);
      failed = std::get<0>(ended);
    }
  }
  if (failed) co_return broken(address, "connect to", failed);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> HttpClient::Parts::secure(const WebAddress& address) {
  const bool pinned = !access_.fingerprint.empty();
  std::string shown;
  if (pinned) {
    stream_->set_verify_mode(asio::ssl::verify_none);  // compared below, before a byte is sent
  } else {
    stream_->set_verify_mode(asio::ssl::verify_peer);
    stream_->set_verify_callback(Look(address.host, shown));
  }
  // Server name indication; OpenSSL's macro for it casts in the old style.
  SSL_ctrl(stream_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(address.host.c_str()));
  socket().expires_after(access_.timeout);
  const auto ended = co_await stream_->async_handshake(asio::ssl::stream_base::client, as_result);
  const error_code failed = std::get<0>(ended);
  if (failed && !shown.empty()) {
    co_return Error(Fault::Refused,
                    address.text() + ": its certificate is not trusted (" + failed.message() +
                        "); give its ca_file, or if it is the device's own, fingerprint = \"" +
                        shown + "\"");
  }
  if (failed) co_return broken(address, "TLS with", failed);
  if (!pinned) co_return Result<void>{};
  shown = fingerprint_of(SSL_get0_peer_certificate(stream_->native_handle()));
  if (shown == access_.fingerprint) co_return Result<void>{};
  co_return Error(Fault::Refused, address.text() + ": its certificate has the fingerprint " +
                                      shown + ", not the one that is configured");
}

template <class Stream>
asio::awaitable<Result<Reply>> HttpClient::Parts::talk(const WebAddress& address,
                                                       const Wanted& wanted, Stream& stream) {
  socket().expires_after(access_.timeout);
  const auto sent = co_await beast::http::async_write(stream, wanted, as_result);
  if (std::get<0>(sent)) co_return broken(address, "write to", std::get<0>(sent));
  beast::flat_buffer buffer(buffer_size);
  Parser parser;
  parser.header_limit(longest_header);
  parser.body_limit(access_.longest_body);
  socket().expires_after(access_.timeout);
  const auto head = co_await beast::http::async_read_header(stream, buffer, parser, as_result);
  error_code failed = std::get<0>(head);
  socket().expires_after(access_.timeout);
  // Chunks of a byte each are many times longer on the line than what they hold.
  const std::size_t longest_on_line = 2 * access_.longest_body + buffer_size;
  for (std::size_t read = 0; !failed && !parser.is_done();) {
    const auto piece = co_await beast::http::async_read_some(stream, buffer, parser, as_result);
    failed = std::get<0>(piece);
    read += std::get<1>(piece);
    if (read > longest_on_line) failed = beast::http::error::body_limit;
  }
  // Some devices end TLS without saying so.
  if (failed == asio::ssl::error::stream_truncated && parser.need_eof()) parser.put_eof(failed);
  if (failed) co_return not_read(address, failed, access_.longest_body);
  co_return reply_of(parser);
}

asio::awaitable<Result<Reply>> HttpClient::Parts::exchange(const WebAddress& address,
                                                           const Wanted& wanted) {
  stream_.emplace(beast::tcp_stream(io_), tls_);
  auto ready = co_await connect(address);
  if (ready && address.tls) ready = co_await secure(address);
  Result<Reply> reply = Error();
  if (!ready) {
    reply = ready.error();
  } else if (address.tls) {
    reply = co_await talk(address, wanted, *stream_);
  } else {
    reply = co_await talk(address, wanted, socket());
  }
  stream_.reset();
  co_return reply;
}

/// Answers the last challenge beforehand, if it came from there.
void HttpClient::Parts::answer_challenge(const WebAddress& address, Wanted& wanted) {
  wanted.erase(beast::http::field::authorization);
  if (!challenge_ || !challenger_.same_origin(address)) return;
  const std::string cnonce = to_hex(random_bytes(16));
  const auto method = wanted.method_string();
  const Asked asked{{method.data(), method.size()}, address.target, cnonce, ++uses_};
  wanted.set(beast::http::field::authorization, answer_to(*challenge_, access_.credentials, asked));
}

/// What is to be answered from now on; an error: it cannot be, or has been in vain.
std::optional<Error> HttpClient::Parts::take_challenge(const WebAddress& address,
                                                       const std::string& header, bool was_fresh) {
  const auto refuse = [&](std::string_view why) {
    challenge_.reset();
    return Error{Fault::Refused, address.text() + " " + std::string(why)};
  };
  const auto offered = parse_challenges(header);
  if (access_.credentials.user.empty()) {
    return refuse("asks for user and password; write user and password_file");
  }
  if (offered.empty()) return refuse("wants to know who asks in a way that is not Basic or Digest");
  const Challenge& best = offered.front();
  if (!best.digest && !address.tls && !access_.basic_in_clear) {
    return refuse(
        "asks for the password in the clear (Basic without TLS); use https, switch the device to "
        "Digest, or write basic_in_clear = true");
  }
  if (was_fresh && !best.stale) return refuse("refuses user and password; correct them");
  challenge_ = best;
  challenger_ = address;
  uses_ = 0;
  return std::nullopt;
}

asio::awaitable<Result<Reply>> HttpClient::Parts::ask_here(const WebAddress& address,
                                                           Wanted& wanted) {
  bool fresh = false;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    answer_challenge(address, wanted);
    auto reply = co_await exchange(address, wanted);
    if (!reply || reply->answer.status != 401) co_return reply;
    const bool has_none = access_.credentials.user.empty();
    if (has_none && parse_challenges(reply->challenges).empty()) co_return reply;
    auto refused = take_challenge(address, reply->challenges, fresh);
    if (refused) co_return *refused;
    fresh = true;
  }
  co_return Error(Fault::Refused, address.text() + " calls every nonce stale");
}

asio::awaitable<Result<HttpAnswer>> HttpClient::Parts::ask(WebAddress address, Wanted wanted) {
  cancelled_ = false;
  for (int redirects = 0; redirects <= most_redirects && !cancelled_; ++redirects) {
    wanted.target({address.target.data(), address.target.size()});
    wanted.set(beast::http::field::host, address.authority());
    if (!cookie_.empty()) wanted.set(beast::http::field::cookie, cookie_);
    auto reply = co_await ask_here(address, wanted);
    if (!reply) co_return reply.error();
    if (!is_redirect(reply->answer.status)) co_return std::move(reply->answer);
    const auto next = resolve(address, reply->location);
    if (!next) co_return next.error().in(address.text() + " redirects to what");
    const bool allowed = next->host == address.host && (next->tls || !address.tls) &&
                         wanted.method() == beast::http::verb::get;
    if (!allowed) {
      co_return Error(Fault::Invalid, address.text() + " redirects to " + next->text() +
                                          ", which is not followed; if it is right, write that");
    }
    address = *next;
  }
  co_return Error(Fault::Invalid, address.text() + " redirects without end");
}

HttpClient::HttpClient(asio::any_io_executor io, HttpAccess access)
    : parts_(std::make_unique<Parts>(std::move(io), std::move(access))) {}

HttpClient::~HttpClient() = default;

namespace {

Wanted wanted_by(beast::http::verb method) {
  Wanted wanted;
  wanted.version(11);
  wanted.method(method);
  wanted.set(beast::http::field::user_agent, "jieding");
  wanted.set(beast::http::field::connection, "close");
  return wanted;
}

}  // namespace

asio::awaitable<Result<HttpAnswer>> HttpClient::get(WebAddress from) {
  Wanted wanted = wanted_by(beast::http::verb::get);
  wanted.set(beast::http::field::accept, "image/jpeg");
  co_return co_await parts_->ask(std::move(from), std::move(wanted));
}

asio::awaitable<Result<HttpAnswer>> HttpClient::post(WebAddress to, std::string type,
                                                     std::string body) {
  Wanted wanted = wanted_by(beast::http::verb::post);
  wanted.set(beast::http::field::content_type, type);
  wanted.body() = std::move(body);
  wanted.prepare_payload();
  co_return co_await parts_->ask(std::move(to), std::move(wanted));
}

void HttpClient::carry(std::string cookie) {
  parts_->carry(std::move(cookie));
}

void HttpClient::cancel() {
  parts_->cancel();
}

}  // namespace jieding::drivers
