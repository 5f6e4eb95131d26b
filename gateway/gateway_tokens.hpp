#pragma once

#include <functional>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/device_record.hpp"
#include "sync/journal.hpp"
#include "sync/seats.hpp"

namespace jieding {

/// The tokens of devices and cameras that push, between the page, their files and the drivers. A
/// token has one place, its file, so that every program of the box agrees on it. Thread-bound to
/// io.
class GatewayTokens final : public web::DeviceRecord {
 public:
  struct Parts {
    const config::Config& config;
    const BusinessClock& clock;
    sync::Journal& journal;
    /// Makes the drivers read the token of a device or camera again.
    std::function<void(const std::string& id)> changed;
  };
  explicit GatewayTokens(Parts parts) : parts_(std::move(parts)) {}

  boost::asio::awaitable<Result<boost::json::value>> tokens() override;
  boost::asio::awaitable<Result<std::string>> issue_token(web::Person by, std::string id) override;
  boost::asio::awaitable<Result<void>> revoke_token(web::Person by, std::string id) override;

 private:
  sync::DoorRow note(const char* what, const std::string& id, const web::Person& by) const;

  Parts parts_;
};

}  // namespace jieding
