#pragma once
// A small blocking HTTP client that can also misbehave.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jieding::web {

using HeaderLines = std::map<std::string, std::string>;

struct Answer {
  int status = 0;       ///< 0: the connection ended before an answer
  HeaderLines headers;  ///< names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

class Client {
 public:
  struct Options {
    bool tls = false;
    int receive_buffer = 0;  ///< bytes; 0: the system's
    std::string host = "127.0.0.1";
  };
  explicit Client(std::uint16_t port);
  Client(std::uint16_t port, Options options);
  ~Client();

  /// One request, one answer, over the same connection as the last.
  Answer ask(const std::string& method, const std::string& target, const std::string& body = "",
             const HeaderLines& headers = {});
  Answer get(const std::string& target, const HeaderLines& headers = {}) {
    return ask("GET", target, "", headers);
  }

  void send(std::string_view bytes);
  Answer read(bool without_body = false);
  /// What has come when `wanted` stands in it, when the other side ends, or when the time is over.
  std::string read_until(std::string_view wanted, std::chrono::milliseconds patience);
  /// Whether the other side ends the connection (reading away whatever still comes).
  bool ends_within(std::chrono::milliseconds patience);

 private:
  struct Wire;
  bool receive(std::chrono::milliseconds patience);

  std::unique_ptr<Wire> wire_;
  std::string received_;
  bool ended_ = false;
  bool broken_ = false;
};

}  // namespace jieding::web
