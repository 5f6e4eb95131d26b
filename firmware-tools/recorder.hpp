#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <optional>

#include "firmware-tools/port.hpp"
#include "firmware-tools/recording_file.hpp"
#include "firmware-tools/secrets.hpp"

namespace jieding::tools {

/// Writes down what comes from a device and, where it is told who the other side is, passes it on
/// and writes down what that one says, too. Thread-bound to io.
class Recorder {
 public:
  Recorder(const boost::asio::any_io_executor& io, Port& device, Port* other_side,
           RecordingFile& file, bool keep_secrets);

  /// Until `stop`, until a link that nobody opens again ends, or until the file is full (TooMuch).
  boost::asio::awaitable<Result<void>> run();
  void stop();

  std::size_t chunks() const { return chunks_; }
  std::size_t bytes() const { return bytes_; }

 private:
  boost::asio::awaitable<Result<void>> open();
  boost::asio::awaitable<void> talk();
  boost::asio::awaitable<void> carry(Port& from, Port* into, Happening what);
  void hang_up();
  bool comes_again() const;
  void note(Happening what, std::string bytes);
  void write(std::optional<Event> event);

  boost::asio::any_io_executor io_;
  Port& device_;
  Port* other_side_;  ///< null: only listens
  RecordingFile& file_;
  bool keep_secrets_;
  SecretMask mask_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  boost::asio::steady_timer timer_;
  bool carrying_back_ = false;
  bool stopping_ = false;
  std::optional<Error> failed_;
  std::size_t chunks_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace jieding::tools
