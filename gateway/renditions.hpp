#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "gateway/domain/result.hpp"

namespace jieding {

/// Masked pictures at the widths of screens: each is made once, by whoever sees pictures, and kept
/// in memory as long as there is room. Thread-bound to io.
class Renditions {
 public:
  /// Gives a JPEG no wider than so many pixels.
  using Make = std::function<boost::asio::awaitable<Result<std::string>>(std::string jpeg, int px)>;
  struct Options {
    std::size_t most_bytes = std::size_t{8} << 20U;
    /// Cameras wait in the same queue: more are not made at a time.
    std::size_t most_in_hand = 4;
  };

  Renditions(boost::asio::any_io_executor io, Make make, Options options);
  Renditions(boost::asio::any_io_executor io, Make make)
      : Renditions(std::move(io), std::move(make), Options{}) {}

  /// One that is kept; null: none is.
  const std::string* kept(const std::string& sha256, int px);
  /// Makes it of the stored picture. Whoever asks for the same meanwhile waits. Unavailable: too
  /// many are in hand.
  boost::asio::awaitable<Result<std::string>> make(std::string sha256, int px, std::string jpeg);

 private:
  struct Kept {
    std::string name;
    std::string jpeg;
  };
  using Waiting = std::shared_ptr<boost::asio::steady_timer>;

  void keep(std::string name, std::string jpeg);
  boost::asio::awaitable<Result<std::string>> wait(std::string name, Waiting until);
  Result<std::string> found(const std::string& name);

  boost::asio::any_io_executor io_;
  Make make_;
  Options options_;
  std::list<Kept> kept_;  ///< the last asked for in front
  std::map<std::string, std::list<Kept>::iterator> by_name_;
  /// Outlives this where what is in hand does.
  std::shared_ptr<std::map<std::string, Waiting>> in_hand_;
  std::size_t bytes_ = 0;
};

}  // namespace jieding
