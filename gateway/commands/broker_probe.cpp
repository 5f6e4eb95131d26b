#include "gateway/commands/broker_probe.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <memory>

#include "gateway/runtime/as_result.hpp"
#include "gateway/runtime/spoken_end.hpp"

namespace jieding::commands {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Tls = asio::ssl::stream<tcp::socket>;

std::string place(const std::string& host, int port) {
  return host + ":" + std::to_string(port);
}

void append_text(std::string& packet, const std::string& text) {
  packet += static_cast<char>(text.size() >> 8);
  packet += static_cast<char>(text.size() & 0xFF);
  packet += text;
}

/// MQTT 5, 3.1: a clean start, so that nothing stays of it.
std::string connect_packet(const std::string& client, const std::string& user,
                           const std::string& password) {
  constexpr char clean_start = 0x02;
  constexpr char with_user_and_password = static_cast<char>(0xC0);
  std::string body;
  append_text(body, "MQTT");
  body += '\x05';
  body += static_cast<char>(clean_start | (user.empty() ? 0 : with_user_and_password));
  body += std::string("\0\x0A", 2);  // keep alive, s
  body += '\0';                      // no properties
  append_text(body, client);
  if (!user.empty()) {
    append_text(body, user);
    append_text(body, password);
  }
  std::string packet = "\x10";
  for (std::size_t left = body.size(); true;) {  // 1.5.5: variable byte integer
    const auto low = static_cast<unsigned char>(left & 0x7F);
    left >>= 7;
    packet += static_cast<char>(left > 0 ? low | 0x80U : low);
    if (left == 0) break;
  }
  return packet + body;
}

/// MQTT 5, 3.2.2.2, those that an installer can mend; MQTT 3 brokers answer with small numbers.
std::string reason_text(unsigned char reason) {
  switch (reason) {
    case 0x01:
    case 0x84:
      return "it does not speak MQTT 5";
    case 0x04:
    case 0x86:
      return "it does not know this user and password; see uplink.password_file";
    case 0x05:
    case 0x87:
      return "it does not let this user in; ask the platform";
    case 0x85:
      return "it does not like the client's name; ask the platform";
    case 0x8A:
      return "it has shut this client out; ask the platform";
    case 0x88:
    case 0x89:
      return "it is too busy; try again later";
    default:
      return "reason " + std::to_string(reason);
  }
}

struct Knock {
  const config::Uplink& uplink;
  std::string packet;  ///< CONNECT
  Error failed{Fault::Unavailable, "no answer in time; is there a firewall between?"};
  bool done = false;
  std::optional<Certificate> certificate = {};

  void fail(const std::string& text) { failed = Error{Fault::Unavailable, text}; }
};

template <class Stream>
asio::awaitable<void> sign_in(Stream& stream, Knock& knock) {
  const auto [unsent, sent] =
      co_await asio::async_write(stream, asio::buffer(knock.packet), as_result);
  std::array<unsigned char, 4> answer{};  // type, length, flags, reason
  const auto [unread, count] = co_await asio::async_read(stream, asio::buffer(answer), as_result);
  constexpr unsigned char connack = 0x20;
  if (unsent || unread) {
    knock.fail("it hangs up on MQTT (" + (unsent ? unsent : unread).message() +
               "); is this the broker's port?");
  } else if (answer[0] != connack) {
    knock.fail("it does not speak MQTT; is this the broker's port?");
  } else if (answer[3] != 0) {
    knock.fail(reason_text(answer[3]));
  } else {
    knock.done = true;
    const std::string goodbye("\xE0\0", 2);
    co_await asio::async_write(stream, asio::buffer(goodbye), as_result);
  }
}

std::string pem_of(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string tls_trouble(Tls& stream, const boost::system::error_code& failed,
                        const config::Uplink& uplink) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict == X509_V_OK) return "TLS: " + failed.message();
  const std::string why = X509_verify_cert_error_string(verdict);
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED)
    return "its certificate: " + why + "; the platform must renew it, or this clock is wrong";
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return "its certificate is for another name (" + why + "); correct uplink.host";
  return "its certificate: " + why + "; is " + uplink.ca_file.string() + " its authority?";
}

/// Throws what cannot be read.
asio::ssl::context trust(const config::Uplink& uplink) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  context.set_verify_mode(asio::ssl::verify_peer);
  context.load_verify_file(uplink.ca_file.string());
  if (!uplink.certificate_file.empty()) {
    context.use_certificate_chain_file(uplink.certificate_file.string());
    context.use_private_key_file(uplink.key_file.string(), asio::ssl::context::pem);
  }
  return context;
}

/// The name that the certificate must have, kept for the verdict.
void expect_name(Tls& stream, const std::string& host) {
  SSL* ssl = stream.native_handle();
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) return;
  SSL_set1_host(ssl, host.c_str());
  // What the macro SSL_set_tlsext_host_name does, without its casts.
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(host.c_str()));
}

asio::awaitable<void> go_in(tcp::socket socket, Knock& knock) {
  if (knock.uplink.ca_file.empty()) {
    co_await sign_in(socket, knock);
    co_return;
  }
  auto context = trust(knock.uplink);
  Tls stream(std::move(socket), context);
  expect_name(stream, knock.uplink.host);
  const auto [failed] = co_await stream.async_handshake(Tls::client, as_result);
  if (failed) {
    knock.fail(tls_trouble(stream, failed, knock.uplink));
    co_return;
  }
  const std::unique_ptr<X509, decltype(&X509_free)> shown(
      SSL_get1_peer_certificate(stream.native_handle()), X509_free);
  const auto read = read_certificate(pem_of(shown.get()));
  if (read) knock.certificate = *read;
  co_await sign_in(stream, knock);
}

asio::awaitable<Result<tcp::socket>> connect(std::string host, int port) {
  const auto io = co_await asio::this_coro::executor;
  tcp::resolver resolver(io);
  const auto [unknown, found] =
      co_await resolver.async_resolve(host, std::to_string(port), as_result);
  if (unknown) co_return Error{Fault::NotFound, "no such name: " + unknown.message()};
  tcp::socket socket(io);
  const auto [failed, where] = co_await asio::async_connect(socket, found, as_result);
  if (failed) co_return Error{Fault::Unavailable, failed.message()};
  co_return socket;
}

asio::awaitable<void> visit(Knock& knock) {
  auto socket = co_await connect(knock.uplink.host, knock.uplink.port);
  if (!socket) {
    knock.fail(socket.error().text());
    co_return;
  }
  tcp::socket door = std::move(*socket);
  co_await go_in(std::move(door), knock);
}

asio::awaitable<void> try_door(std::string host, int port, std::optional<Result<void>>& answer) {
  const auto socket = co_await connect(std::move(host), port);
  answer = socket ? Result<void>() : Result<void>(socket.error());
}

Result<std::string> password_of(const config::Uplink& uplink) {
  if (uplink.password_file.empty()) return std::string();
  std::ifstream in(uplink.password_file);
  std::string password;
  if (!std::getline(in, password))
    return Error{Fault::NotFound, "cannot read " + uplink.password_file.string()};
  return password;
}

}  // namespace

Result<std::optional<Certificate>> knock_at_broker(const config::Uplink& uplink,
                                                   const std::string& client,
                                                   std::chrono::milliseconds longest) {
  const auto password = password_of(uplink);
  if (!password) return password.error();
  Knock knock{uplink, connect_packet(client, uplink.user, *password)};
  asio::io_context io(1);
  std::string thrown;
  asio::co_spawn(io, visit(knock), [&](std::exception_ptr failed) {
    try {
      if (failed) std::rethrow_exception(failed);
    } catch (const std::exception& wrong) {
      knock.fail(wrong.what());
    }
  });
  io.run_for(longest);
  const Error failed = knock.failed.in("broker " + place(uplink.host, uplink.port));
  if (!knock.done) return failed;
  return knock.certificate;
}

Result<void> knock(const std::string& host, int port, std::chrono::milliseconds longest) {
  std::optional<Result<void>> answer;
  asio::io_context io(1);
  asio::co_spawn(io, try_door(host, port, answer), spoken_end("check"));
  io.run_for(longest);
  if (answer) return *answer;
  return Error{Fault::Unavailable, "no answer in time"};
}

}  // namespace jieding::commands
