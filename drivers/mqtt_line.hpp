#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::drivers::mqtt {

/// The bytes of one connection, in the clear or under TLS. One reader and one writer at a time.
class Line {
 public:
  struct Received {
    bool ended = false;
    std::size_t count = 0;
  };
  virtual ~Line() = default;
  /// The TLS handshake; false: there is nobody to talk to.
  virtual boost::asio::awaitable<bool> open() = 0;
  virtual boost::asio::awaitable<Received> read(boost::asio::mutable_buffer into) = 0;
  virtual boost::asio::awaitable<bool> write(const std::string& bytes) = 0;
  /// Says that no more will be written; what arrives can still be read.
  virtual boost::asio::awaitable<void> finish() = 0;
  virtual boost::asio::ip::tcp::socket& socket() = 0;
};

std::unique_ptr<Line> plain_line(boost::asio::ip::tcp::socket socket);

/// A server's certificate and key, loaded once for all its connections.
class Tls {
 public:
  static Result<Tls> load(const std::filesystem::path& certificate,
                          const std::filesystem::path& key);
  Tls(Tls&&) noexcept;
  Tls& operator=(Tls&&) noexcept;
  ~Tls();
  std::unique_ptr<Line> line(boost::asio::ip::tcp::socket socket);

 private:
  struct Context;
  explicit Tls(std::unique_ptr<Context> context);
  std::unique_ptr<Context> context_;
};

}  // namespace jieding::drivers::mqtt
