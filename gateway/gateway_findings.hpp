#pragma once

#include <functional>

#include "config/config.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/web/finding_record.hpp"
#include "sync/finding_book.hpp"
#include "vision/link.hpp"

namespace jieding {

/// Findings between the page, vision and the store. Thread-bound to io.
class GatewayFindings final : public web::FindingRecord {
 public:
  /// `vision` is null where nobody can bring photos; `committed` is called after each commit.
  struct Parts {
    const config::Config& config;
    const BusinessClock& clock;
    sync::FindingBook& book;
    vision::Link* vision;
    std::function<void()> committed;
  };
  explicit GatewayFindings(Parts parts) : parts_(std::move(parts)) {}

  /// What stands, from the store to the mirror: at start and after each step.
  boost::asio::awaitable<Result<void>> mirror();
  /// How many are open and overdue now; `newest`: the event of the last step, null for none.
  boost::json::object summary() const;

  boost::asio::awaitable<Result<boost::json::value>> photo(web::Person person,
                                                           std::string jpeg) override;
  boost::asio::awaitable<Result<boost::json::value>> say(web::Person person,
                                                         web::FindingInput input,
                                                         std::optional<OnceKey> once) override;
  boost::asio::awaitable<Result<boost::json::value>> findings(std::uint64_t count,
                                                              std::optional<Owner> reader) override;
  boost::asio::awaitable<Result<boost::json::value>> finding(std::uint64_t id,
                                                             std::optional<Owner> reader) override;

 private:
  Result<void> check_place(const web::FindingInput& input) const;
  sync::FindingWord word_of(const web::Person& person, const web::FindingInput& input) const;

  Parts parts_;
  sync::FindingsNow now_;
};

}  // namespace jieding
