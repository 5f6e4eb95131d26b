#pragma once
// Devices as cheap as they can be, so that the load does not take the machine from the gateway: the
// text of a request is built once, afterwards only its digits change.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace jieding::bench {

/// What all connections of one run come to. Counted only while `counting`.
struct Tally {
  bool counting = false;
  std::uint64_t readings = 0;  ///< acknowledged
  std::uint64_t refused = 0;   ///< answers that say no
  std::string complaint;       ///< the first of these
  std::vector<float> waits;    ///< ms from request to acknowledgement
};

/// One connection with a window of requests in flight, or with a window of 0, that sends at its
/// ticks only. Owned by the run, used on its io.
class Client {
 public:
  using Clock = std::chrono::steady_clock;
  Client(boost::asio::io_context& io, Tally& tally, std::size_t window)
      : socket_(io), tally_(tally), window_(window) {}
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start(std::uint16_t port);
  void tick() { send(1); }
  /// Sends no more; what is in flight is still answered.
  void finish() { finishing_ = true; }
  bool idle() const { return in_flight_.empty(); }

 protected:
  /// Appends the next request.
  virtual void append_request(std::string& out) = 0;
  /// Takes one whole answer from the front; how many bytes it had, 0: not whole yet.
  virtual std::size_t take_answer(std::string_view received) = 0;
  void acknowledged(std::size_t readings);
  void refused(std::string_view answer);

 private:
  void send(std::size_t requests);
  void write();
  void read();

  boost::asio::ip::tcp::socket socket_;
  Tally& tally_;
  std::size_t window_;
  std::string waiting_;  ///< to be written
  std::string writing_;
  std::string received_;
  std::array<char, 16384> chunk_{};
  std::deque<Clock::time_point> in_flight_;  ///< when each was sent
  bool finishing_ = false;
};

/// SenML packs over kept HTTP/1.1.
class Pusher final : public Client {
 public:
  static constexpr std::size_t readings_per_pack = 10;
  Pusher(boost::asio::io_context& io, Tally& tally, std::size_t window, const std::string& token,
         std::int64_t& clock);

 private:
  void append_request(std::string& out) override;
  std::size_t take_answer(std::string_view received) override;

  std::string request_;
  std::size_t time_at_ = 0;             ///< where the ten digits of `bt` stand
  std::vector<std::size_t> values_at_;  ///< where the six digits of each value stand
  std::int64_t& clock_;                 ///< device time in seconds; goes on from run to run
};

/// HJ 212 realtime frames of nine factors with Flag=5.
class Station final : public Client {
 public:
  static constexpr std::size_t readings_per_frame = 9;
  Station(boost::asio::io_context& io, Tally& tally, std::size_t window, const std::string& mn,
          std::int64_t& clock);

 private:
  void append_request(std::string& out) override;
  std::size_t take_answer(std::string_view received) override;

  std::string frame_;
  std::size_t qn_at_ = 0;
  std::size_t time_at_ = 0;
  std::vector<std::size_t> values_at_;  ///< where the two digits of each value stand
  std::int64_t& clock_;
};

}  // namespace jieding::bench
