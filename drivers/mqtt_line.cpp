#include "drivers/mqtt_line.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "gateway/runtime/as_result.hpp"

namespace jieding::drivers::mqtt {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class PlainLine final : public Line {
 public:
  explicit PlainLine(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> open() override { co_return true; }
  asio::awaitable<Received> read(asio::mutable_buffer into) override {
    const auto [failed, count] = co_await socket_.async_read_some(into, as_result);
    const Received received{bool(failed), count};
    co_return received;
  }
  asio::awaitable<bool> write(const std::string& bytes) override {
    const auto [failed, count] =
        co_await asio::async_write(socket_, asio::buffer(bytes), as_result);
    co_return !failed;
  }
  asio::awaitable<void> finish() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class TlsLine final : public Line {
 public:
  TlsLine(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  asio::awaitable<bool> open() override {
    const auto [failed] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    opened_ = !failed;
    co_return opened_;
  }
  asio::awaitable<Received> read(asio::mutable_buffer into) override {
    const auto [failed, count] = co_await stream_.async_read_some(into, as_result);
    const Received received{bool(failed), count};
    co_return received;
  }
  asio::awaitable<bool> write(const std::string& bytes) override {
    const auto [failed, count] =
        co_await asio::async_write(stream_, asio::buffer(bytes), as_result);
    co_return !failed;
  }
  asio::awaitable<void> finish() override {
    if (opened_) {
      co_await stream_.async_shutdown(as_result);
    }
    error_code ignored;
    socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
  bool opened_ = false;
};

}  // namespace

std::unique_ptr<Line> plain_line(tcp::socket socket) {
  return std::make_unique<PlainLine>(std::move(socket));
}

struct Tls::Context {
  asio::ssl::context ssl{asio::ssl::context::tls_server};
};

Tls::Tls(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Tls::Tls(Tls&&) noexcept = default;
Tls& Tls::operator=(Tls&&) noexcept = default;
Tls::~Tls() = default;

Result<Tls> Tls::load(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  auto context = std::make_unique<Context>();
  SSL_CTX* const native = context->ssl.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // 34 KiB less for each resting device
  error_code failed;
  context->ssl.use_certificate_chain_file(certificate.string(), failed);
  if (failed) {
    return Error{Fault::Invalid, "tls_certificate " + certificate.string() + ": " +
                                     failed.message() + "; give a readable PEM chain"};
  }
  context->ssl.use_private_key_file(key.string(), asio::ssl::context::pem, failed);
  if (failed) {
    return Error{Fault::Invalid, "tls_key " + key.string() + ": " + failed.message() +
                                     "; give the certificate's own PEM key"};
  }
  return Tls(std::move(context));
}

std::unique_ptr<Line> Tls::line(tcp::socket socket) {
  return std::make_unique<TlsLine>(std::move(socket), context_->ssl);
}

}  // namespace jieding::drivers::mqtt
