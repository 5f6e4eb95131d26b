#pragma once
// A device's own HTTP server, on a real socket: each request is answered as the test says, also
// with bytes that no server should send.

#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdlib>

#include "drivers/digest.hpp"
#include "gateway/domain/hex.hpp"
#include "gateway/runtime/as_result.hpp"
#include "tests/drivers/house.hpp"

namespace jieding::drivers::test {

/// A certificate and its key, made by the openssl program.
struct Certificate {
  std::filesystem::path file;
  std::filesystem::path key;

  Certificate(const Scratch& scratch, const std::string& name)
      : file(scratch.path() / (name + ".pem")), key(scratch.path() / (name + ".key")) {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=camera -addext subjectAltName=IP:127.0.0.1 -keyout " +
        key.string() + " -out " + file.string() + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << "openssl is needed";
  }
};

/// One request as it came.
struct Heard {
  std::string head;
  std::string body;

  std::string line() const { return head.substr(0, head.find("\r\n")); }
  /// The value of a header field, named as our client writes it.
  std::string field(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  /// `name="value"` or `name=value` of its Authorization.
  std::string credential(const std::string& name) const {
    const std::string text = field("Authorization");
    auto at = text.find(" " + name + "=");
    if (at == std::string::npos) return "";
    at += name.size() + 2;
    const bool quoted = text[at] == '"';
    const auto begin = at + (quoted ? 1 : 0);
    return text.substr(begin, text.find_first_of(quoted ? "\"" : ",", begin) - begin);
  }
};

/// Answers nothing, and keeps the connection.
inline const std::string silence;

class HttpDevice {
 public:
  using Answer = std::function<std::string(const Heard&)>;

  HttpDevice(asio::io_context& io, Answer answer, const Certificate* certificate = nullptr)
      : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), answer_(std::move(answer)) {
    if (certificate != nullptr) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain_file(certificate->file.string());
      tls_->use_private_key_file(certificate->key.string(), asio::ssl::context::pem);
    }
    asio::co_spawn(io, accept(), asio::detached);
  }
  ~HttpDevice() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  }

  std::string url(const std::string& target = "/snapshot.jpg") const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(acceptor_.local_endpoint().port()) + target;
  }
  /// The next request is answered so.
  void fail_next(std::string reply) { next_ = std::move(reply); }
  std::vector<Heard> heard;

 private:
  using Secure = asio::ssl::stream<tcp::socket>;

  asio::awaitable<void> accept() {
    while (true) {
      auto [failed, socket] = co_await acceptor_.async_accept(as_result);
      if (failed) co_return;
      if (tls_) {
        auto line = std::make_shared<Secure>(std::move(socket), *tls_);
        asio::co_spawn(acceptor_.get_executor(), serve_securely(line), asio::detached);
      } else {
        auto line = std::make_shared<tcp::socket>(std::move(socket));
        asio::co_spawn(acceptor_.get_executor(), serve(line), asio::detached);
      }
    }
  }
  asio::awaitable<void> serve_securely(std::shared_ptr<Secure> line) {
    const auto met = co_await line->async_handshake(asio::ssl::stream_base::server, as_result);
    if (!std::get<0>(met)) co_await serve(line);
  }
  template <class Line>
  asio::awaitable<void> serve(std::shared_ptr<Line> line) {
    std::string bytes;
    const auto [failed, size] = co_await asio::async_read_until(
        *line, asio::dynamic_buffer(bytes, 64 * 1024), "\r\n\r\n", as_result);
    if (failed) co_return;
    Heard one{bytes.substr(0, size), bytes.substr(size)};
    const std::string length = one.field("Content-Length");
    const std::size_t wanted = length.empty() ? 0 : std::stoul(length);
    if (one.body.size() < wanted) {
      std::string rest(wanted - one.body.size(), '\0');
      co_await asio::async_read(*line, asio::buffer(rest), as_result);
      one.body += rest;
    }
    const std::string reply = next_ ? *std::exchange(next_, std::nullopt) : answer_(one);
    heard.push_back(std::move(one));
    co_await asio::async_write(*line, asio::buffer(reply), as_result);
    // Stays until the client leaves where there is no answer, or an unfinished one.
    const bool whole = !reply.empty() && reply.find("\r\n\r\n") != std::string::npos;
    if (!whole || keep_open) {
      char more = 0;
      co_await asio::async_read(*line, asio::buffer(&more, 1), as_result);
    }
  }

  tcp::acceptor acceptor_;
  Answer answer_;
  std::optional<asio::ssl::context> tls_;
  std::optional<std::string> next_;

 public:
  bool keep_open = false;  ///< after an answer, too
};

inline std::string http_answer(int status, const std::string& body = "",
                               const std::string& fields = "Content-Type: image/jpeg\r\n") {
  return "HTTP/1.1 " + std::to_string(status) + " -\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What a device that knows the password would compute (RFC 7616 §3.4.1), from what was sent.
inline bool proves(const Heard& heard, Hash hash, const std::string& user,
                   const std::string& password, const std::string& realm) {
  const auto h = [&](const std::string& text) { return to_hex(digest(hash, text)); };
  const std::string method = heard.head.substr(0, heard.head.find(' '));
  const std::string ha1 = h(user + ":" + realm + ":" + password);
  const std::string ha2 = h(method + ":" + heard.credential("uri"));
  const std::string wanted =
      h(ha1 + ":" + heard.credential("nonce") + ":" + heard.credential("nc") + ":" +
        heard.credential("cnonce") + ":auth:" + ha2);
  return heard.credential("username") == user && heard.credential("response") == wanted;
}

}  // namespace jieding::drivers::test
