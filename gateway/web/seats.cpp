#include "gateway/web/seats.hpp"

#include <utility>

namespace jieding::web {

Seats::Seat::Seat(std::shared_ptr<Seats> seats, std::string client)
    : seats_(std::move(seats)), client_(std::move(client)) {}

Seats::Seat::~Seat() {
  if (seats_) seats_->give_back(client_);
}

std::optional<Seats::Seat> Seats::take(const std::string& client) {
  if (taken_ >= most_) return std::nullopt;
  auto& of_client = by_client_[client];
  if (of_client >= most_per_client_) return std::nullopt;
  ++of_client;
  ++taken_;
  return Seat(shared_from_this(), client);
}

void Seats::give_back(const std::string& client) {
  --taken_;
  const auto found = by_client_.find(client);
  if (--found->second == 0) by_client_.erase(found);
}

}  // namespace jieding::web
