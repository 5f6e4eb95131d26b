#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <vector>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/seat_record.hpp"
#include "gateway/web/sessions.hpp"
#include "sync/store.hpp"

namespace jieding {

/// Who may sign in and what happened at the door, between the page and the store. Thread-bound to
/// io.
class GatewaySeats final : public web::SeatRecord {
 public:
  struct Parts {
    boost::asio::any_io_executor io;
    config::Config& config;  ///< whose users are changed when one is
    std::vector<config::User> of_file;
    const BusinessClock& clock;
    const RuntimeClock& runtime_clock;
    sync::Store& store;
    std::function<void()> committed;
  };
  explicit GatewaySeats(Parts parts) : parts_(std::move(parts)) {}

  /// Logs it and keeps it privately. Many at once are only logged: who tries doors must not fill
  /// the journal.
  void note(const web::DoorEvent& event);

  boost::asio::awaitable<Result<boost::json::value>> users() override;
  boost::asio::awaitable<Result<void>> add_user(web::Person by, web::UserInput user) override;
  boost::asio::awaitable<Result<void>> change_user(web::Person by, web::UserInput user) override;
  boost::asio::awaitable<Result<std::string>> make_link(web::Person by, std::string user) override;

 private:
  boost::asio::awaitable<Result<void>> set(web::Person by, web::UserInput user, bool fresh);
  boost::asio::awaitable<void> keep(sync::DoorRow row);

  Parts parts_;
  int keeping_ = 0;
};

}  // namespace jieding
