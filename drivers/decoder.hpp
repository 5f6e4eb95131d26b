#pragma once
// FFmpeg's program as a child that speaks to the network and decodes, so that neither its bugs nor
// its licence are the gateway's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding::drivers {

/// Runs a program once for each picture: a script goes into its standard input, a picture comes out
/// of its standard output. What the program is told stands in the script, never in its arguments.
/// Thread-bound to io; one picture at a time.
class Decoder {
 public:
  struct Limits {
    std::chrono::milliseconds time{30'000};  ///< then it is killed
    std::size_t bytes = 0;                   ///< of the picture
  };
  Decoder(boost::asio::any_io_executor io, std::filesystem::path program, Limits limits);
  ~Decoder();

  /// What came out. Nothing: then `complaint` is what it said instead. Faults: Unavailable (it
  /// cannot be started, no answer in time), TooMuch.
  struct Output {
    std::string picture;
    std::string complaint;
  };
  boost::asio::awaitable<Result<Output>> run(std::string script);
  /// Kills the child of a run under way.
  void cancel();

 private:
  struct Child;
  boost::asio::any_io_executor io_;
  std::filesystem::path program_;
  Limits limits_;
  std::unique_ptr<Child> child_;  ///< of the run under way
  bool cancelled_ = false;
};

}  // namespace jieding::drivers
