#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/seat_record.hpp"
#include "gateway/web/sessions.hpp"
#include "sync/journal.hpp"
#include "sync/seats.hpp"

namespace jieding {

/// Who may sign in and what happened at the door, between the page and the store. Thread-bound to
/// io.
class GatewaySeats final : public web::SeatRecord {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    const config::Config& config;
    const BusinessClock& clock;
    const RuntimeClock& runtime_clock;
    sync::Journal& journal;
  };
  explicit GatewaySeats(Parts parts) : parts_(std::move(parts)) {}

  /// Logs it and keeps it privately. Many at once are only logged: who tries doors must not fill
  /// the journal.
  void note(const web::DoorEvent& event);

  boost::asio::awaitable<Result<boost::json::value>> users() override;
  boost::asio::awaitable<Result<std::string>> make_link(web::Person by, std::string user) override;

 private:
  boost::asio::awaitable<void> keep(sync::DoorRow row);

  Parts parts_;
  int keeping_ = 0;
};

}  // namespace jieding
