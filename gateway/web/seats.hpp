#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace jieding::web {

/// A bounded number of places, in total and for each client. Held by shared pointer because a seat
/// finds its way back when it dies. Thread-bound to io.
class Seats : public std::enable_shared_from_this<Seats> {
 public:
  /// One taken place; given back by its destructor.
  class Seat {
   public:
    Seat(std::shared_ptr<Seats> seats, std::string client);
    Seat(Seat&&) = default;
    Seat& operator=(Seat&&) = delete;
    ~Seat();

   private:
    std::shared_ptr<Seats> seats_;  // null once moved from
    std::string client_;
  };

  Seats(std::size_t most, std::size_t most_per_client)
      : most_(most), most_per_client_(most_per_client) {}

  /// Nothing when all places, or all of this client, are taken.
  std::optional<Seat> take(const std::string& client);
  std::size_t taken() const { return taken_; }

 private:
  void give_back(const std::string& client);

  std::size_t most_;
  std::size_t most_per_client_;
  std::size_t taken_ = 0;
  std::unordered_map<std::string, std::size_t> by_client_;
};

}  // namespace jieding::web
