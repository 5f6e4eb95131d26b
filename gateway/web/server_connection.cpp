#include "gateway/web/server_connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <exception>
#include <type_traits>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/log.hpp"

namespace jieding::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Parser = beast::http::request_parser<beast::http::string_body>;
using PlainStream = beast::tcp_stream;
using TlsStream = asio::ssl::stream<beast::tcp_stream>;

constexpr std::size_t header_chunk = 4 * 1024;
constexpr std::size_t body_chunk = 64 * 1024;
constexpr std::size_t tls_record = 16 * 1024;
/// Input of a refused request that is read and thrown away, so that the refusal arrives before the
/// reset that unread input would cause (RFC 9112 §9.6).
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;
constexpr std::chrono::seconds linger_time{2};
constexpr std::chrono::seconds shutdown_time{2};
/// A stream's words are short; a client that lets even this much wait is not listening.
constexpr int stream_send_buffer = 16 * 1024;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// Repeated fields are joined as RFC 9110 §5.3 allows; cookies as RFC 6265 writes them.
void take_headers(const Parser::value_type& message, http::Request& request) {
  for (const auto& field : message) {
    const std::string_view value(field.value().data(), field.value().size());
    const auto text = field.name_string();
    const auto [entry, fresh] =
        request.headers.try_emplace(lower_case({text.data(), text.size()}), value);
    if (!fresh) entry->second.append(entry->first == "cookie" ? "; " : ", ").append(value);
  }
}

http::Response refusal_for(error_code error) {
  if (error == beast::http::error::header_limit) {
    return http::problem(431, "Request header fields too large", "send a shorter header");
  }
  if (error == beast::http::error::body_limit) {
    return http::problem(413, "Content too large", "send less at once");
  }
  return http::problem(400, "Bad request", "this is not HTTP/1.1 as we know it");
}

bool bodiless(int status) {
  return status == 204 || status == 304;
}

/// One client: reads a request, has it answered, writes the answer, reads the next. Input that
/// comes early (pipelining) waits in the buffer. Kept alive by its own coroutine.
template <class Stream>
class Connection final : public OpenConnection {
 public:
  Connection(std::shared_ptr<ServerCore> core, Stream stream, Seats::Seat seat, std::string peer,
             std::string client)
      : core_(std::move(core)),
        stream_(std::move(stream)),
        seat_(std::move(seat)),
        peer_(std::move(peer)),
        client_(std::move(client)),
        wake_(core_->io) {
    core_->opened(this);
  }
  ~Connection() override { core_->closed(this); }

  asio::awaitable<void> run();
  void close() override { socket().close(); }

 private:
  enum class Next { Again, Close, Linger };

  /// HTTP/1.0 clients would want to be told of keep-alive; they are let go instead.
  bool keeps() const {
    return parser_->get().version() >= 11 && parser_->keep_alive() && !core_->stopping;
  }
  PlainStream& socket() { return beast::get_lowest_layer(stream_); }
  asio::awaitable<bool> handshake();
  asio::awaitable<void> part(Next how);

  asio::awaitable<Next> exchange();
  asio::awaitable<bool> fill(std::size_t chunk);
  asio::awaitable<error_code> parse_header();
  asio::awaitable<error_code> parse_body(const http::Route* route);
  asio::awaitable<Next> refuse(http::Response refusal);
  asio::awaitable<bool> write(http::Response response, bool keep_alive);
  asio::awaitable<bool> write_text(std::string text);
  asio::awaitable<bool> write_body(std::string body);

  asio::awaitable<Next> open_stream(const StreamGate* gate, http::Request request);
  asio::awaitable<void> tell_changes();
  std::string next_words(std::uint64_t& told);
  void watch_for_the_end();

  std::shared_ptr<ServerCore> core_;
  Stream stream_;
  Seats::Seat seat_;
  std::string peer_;
  std::string client_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  asio::steady_timer wake_;    // streams only
  bool stream_ended_ = false;  // streams only: the client went away
};

template <class Stream>
asio::awaitable<void> Connection<Stream>::run() {
  const bool met = co_await handshake();
  if (!met) co_return;
  auto next = Next::Again;
  while (next == Next::Again && !core_->stopping) {
    next = co_await exchange();
    set_busy(false);
  }
  co_await part(next);
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::handshake() {
  if constexpr (std::is_same_v<Stream, TlsStream>) {
    socket().expires_after(core_->options.handshake_timeout);
    const auto [error] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    co_return !error;
  }
  co_return true;
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::part(Next how) {
  if (!socket().socket().is_open()) co_return;
  if constexpr (std::is_same_v<Stream, TlsStream>) {
    socket().expires_after(shutdown_time);
    co_await stream_.async_shutdown(as_result);
  }
  error_code ignored;
  if (!socket().socket().is_open()) co_return;
  socket().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (how != Next::Linger) co_return;
  socket().expires_after(linger_time);
  for (std::size_t thrown = 0; thrown < linger_bytes;) {
    buffer_.clear();
    const auto [error, count] =
        co_await socket().async_read_some(buffer_.prepare(body_chunk), as_result);
    if (error) co_return;
    thrown += count;
  }
}

template <class Stream>
asio::awaitable<typename Connection<Stream>::Next> Connection<Stream>::exchange() {
  if (buffer_.size() == 0) {
    socket().expires_after(core_->options.idle_timeout);
    const bool filled = co_await fill(header_chunk);
    if (!filled) co_return Next::Close;
  }
  set_busy(true);
  const auto header_error = co_await parse_header();
  if (header_error == asio::error::eof) co_return Next::Close;
  if (header_error) co_return co_await refuse(refusal_for(header_error));

  http::Request request;
  const auto method = parser_->get().method_string();
  const auto target = parser_->get().target();
  request.method.assign(method.data(), method.size());
  request.peer = peer_;
  take_headers(parser_->get(), request);
  auto verdict = core_->judge(request, {target.data(), target.size()}, client_);
  if (!verdict.refusal && verdict.route && verdict.route->admit) {
    auto refusal = co_await verdict.route->admit(request);
    verdict.refusal = std::move(refusal);
  }
  if (verdict.refusal) {
    if (!parser_->is_done()) co_return co_await refuse(std::move(*verdict.refusal));
    const bool kept = keeps();
    const bool sent = co_await write(std::move(*verdict.refusal), kept);
    co_return sent&& kept ? Next::Again : Next::Close;
  }
  if (verdict.stream) co_return co_await open_stream(verdict.stream, std::move(request));

  const auto body_error = co_await parse_body(verdict.route);
  if (body_error == asio::error::eof) co_return Next::Close;
  if (body_error) co_return co_await refuse(refusal_for(body_error));
  request.body = std::move(parser_->get().body());
  socket().expires_never();
  auto response = co_await core_->answer(verdict.route, std::move(request));
  const bool kept = keeps();
  const bool sent = co_await write(std::move(response), kept);
  co_return sent&& kept ? Next::Again : Next::Close;
}

/// False: the client ended, broke or was too slow.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::fill(std::size_t chunk) {
  const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(chunk), as_result);
  buffer_.commit(count);
  co_return !error;
}

/// eof stands for every way in which the client stopped sending.
template <class Stream>
asio::awaitable<error_code> Connection<Stream>::parse_header() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_->options.max_header_bytes));
  parser_->body_limit(boost::none);  // the route's limit is known after the header
  socket().expires_after(core_->options.header_timeout);
  while (!parser_->is_header_done()) {
    error_code error;
    const auto used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error && error != beast::http::error::need_more) co_return error;
    if (parser_->is_header_done()) break;
    const bool filled = co_await fill(header_chunk);
    if (!filled) co_return asio::error::eof;
  }
  co_return error_code{};
}

template <class Stream>
asio::awaitable<error_code> Connection<Stream>::parse_body(const http::Route* route) {
  if (parser_->is_done()) co_return error_code{};
  const auto length = parser_->content_length();
  if (length && *length > route->max_body_bytes) co_return beast::http::error::body_limit;
  parser_->body_limit(route->max_body_bytes);  // for chunked bodies
  parser_->eager(true);
  socket().expires_after(core_->options.body_timeout);
  HeldBytes::Share held(core_->held, 0, [this] { close(); });
  const auto expect = parser_->get()[beast::http::field::expect];
  if (buffer_.size() == 0 && beast::iequals(expect, "100-continue")) {
    const bool told = co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
    if (!told) co_return asio::error::eof;
  }
  while (!parser_->is_done()) {
    error_code error;
    std::size_t used = 0;
    if (buffer_.size() > 0) used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error && error != beast::http::error::need_more) co_return error;
    if (parser_->is_done()) break;
    if (used > 0 && buffer_.size() > 0 && !error) continue;
    const std::size_t before = buffer_.size();
    const bool filled = co_await fill(body_chunk);
    if (!filled) co_return asio::error::eof;
    held.moved(buffer_.size() - before);
  }
  co_return error_code{};
}

/// Answers without having read all of the request; the connection cannot go on after that.
template <class Stream>
asio::awaitable<typename Connection<Stream>::Next> Connection<Stream>::refuse(
    http::Response refusal) {
  const bool sent = co_await write(std::move(refusal), false);
  co_return sent ? Next::Linger : Next::Close;
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::write(http::Response response, bool keep_alive) {
  std::optional<std::size_t> length;
  if (!bodiless(response.status)) length = response.body.size();
  const bool header_only =
      !length || (parser_->is_header_done() && parser_->get().method() == beast::http::verb::head);
  std::string head = core_->head(response, keep_alive, length);
  if (header_only) response.body.clear();
  socket().expires_after(core_->options.write_timeout);
  // A short body goes into the header's packet, and TLS record.
  if (head.size() + response.body.size() <= tls_record) {
    co_return co_await write_text(std::move(head.append(response.body)));
  }
  const bool begun = co_await write_text(std::move(head));
  if (!begun) co_return false;
  co_return co_await write_body(std::move(response.body));
}

/// Piece by piece: a slow line may take as long as it takes, a client that takes nothing may not.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::write_body(std::string body) {
  HeldBytes::Share held(core_->held, body.size(), [this] { close(); });
  for (std::size_t at = 0; at < body.size(); at += body_chunk) {
    socket().expires_after(core_->options.write_timeout);
    const auto piece = asio::buffer(body.data() + at, std::min(body_chunk, body.size() - at));
    const auto [error, count] = co_await asio::async_write(stream_, piece, as_result);
    if (error) co_return false;
    held.moved();
  }
  co_return true;
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::write_text(std::string text) {
  const auto [error, count] = co_await asio::async_write(stream_, asio::buffer(text), as_result);
  co_return !error;
}

template <class Stream>
asio::awaitable<typename Connection<Stream>::Next> Connection<Stream>::open_stream(
    const StreamGate* gate, http::Request request) {
  if (!parser_->is_done()) {
    co_return co_await refuse(http::problem(400, "Bad request", "a stream takes no body"));
  }
  socket().expires_never();
  auto refusal = co_await (*gate)(std::move(request));
  if (refusal) {
    co_return co_await refuse(std::move(*refusal));
  }
  const auto seat = core_->stream_seats->take(client_);
  if (!seat) {
    co_return co_await refuse(
        http::problem(429, "Too many streams", "close other pages of this box, then reload"));
  }
  boost::system::error_code ignored;
  const asio::socket_base::send_buffer_size small{stream_send_buffer};
  socket().socket().set_option(small, ignored);
  const http::Response opening{200, "text/event-stream; charset=utf-8", "", {}};
  socket().expires_after(core_->options.write_timeout);
  const bool opened = co_await write_text(core_->head(opening, false, std::nullopt));
  if (!opened) co_return Next::Close;
  set_busy(false);  // a stop need not wait for it
  core_->hub->join(&wake_);
  co_await tell_changes();
  core_->hub->leave(&wake_);
  socket().close();  // ends the watching read, which uses our buffer
  while (!stream_ended_) {
    wake_.expires_after(shutdown_time);
    co_await wake_.async_wait(as_result);
  }
  co_return Next::Close;
}

/// Writes the newest count whenever it is newer than what was told; nothing is ever queued.
template <class Stream>
asio::awaitable<void> Connection<Stream>::tell_changes() {
  const auto ends = core_->clock.now() + core_->options.stream_lifetime;
  watch_for_the_end();
  // The first event makes a page that comes back after a pause read again.
  std::uint64_t told = core_->hub->published();
  std::string words = "retry: 2000\nevent: change\ndata: " + std::to_string(told) + "\n\n";
  while (!stream_ended_ && !core_->stopping && core_->clock.now() < ends) {
    socket().expires_after(core_->options.write_timeout);  // the watching read never expires
    const bool written = co_await write_text(std::move(words));
    if (!written) co_return;
    words.clear();
    if (told == core_->hub->published() && !stream_ended_ && !core_->stopping) {
      wake_.expires_after(core_->options.stream_keep_alive);
      co_await wake_.async_wait(as_result);
    }
    words = next_words(told);
  }
}

template <class Stream>
std::string Connection<Stream>::next_words(std::uint64_t& told) {
  if (told == core_->hub->published()) return ": keep-alive\n\n";
  told = core_->hub->published();
  return "event: change\ndata: " + std::to_string(told) + "\n\n";
}

/// A read that completes tells that the page was closed, at once and not at the next write.
template <class Stream>
void Connection<Stream>::watch_for_the_end() {
  socket().expires_never();
  stream_.async_read_some(buffer_.prepare(1), [this](error_code, std::size_t) {
    stream_ended_ = true;
    wake_.cancel();
  });
}

template <class Stream>
void start(std::shared_ptr<Connection<Stream>> connection, const asio::any_io_executor& io) {
  // The completion owns the connection, hence the coroutine may use it to its end.
  auto& served = *connection;
  asio::co_spawn(io, served.run(),
                 [kept = std::move(connection)](const std::exception_ptr& failure) {
                   try {
                     if (failure) std::rethrow_exception(failure);
                   } catch (const std::exception& error) {
                     log::error("web", std::string("a connection failed: ") + error.what());
                   }
                 });
}

}  // namespace

void serve(std::shared_ptr<ServerCore> core, asio::ip::tcp::socket socket, Seats::Seat seat,
           std::string peer, std::string client) {
  const auto io = core->io;
  PlainStream plain(std::move(socket));
  if (core->tls) {
    TlsStream secure(std::move(plain), *core->tls);
    start(std::make_shared<Connection<TlsStream>>(core, std::move(secure), std::move(seat),
                                                  std::move(peer), std::move(client)),
          io);
    return;
  }
  start(std::make_shared<Connection<PlainStream>>(core, std::move(plain), std::move(seat),
                                                  std::move(peer), std::move(client)),
        io);
}

}  // namespace jieding::web
