#pragma once
// What the page and its API may ask of the gateway. Implemented over the ledger by the gateway;
// the web server knows nothing else about it.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/domain/calendar.hpp"
#include "gateway/domain/days.hpp"
#include "gateway/domain/milestone.hpp"
#include "gateway/domain/result.hpp"

namespace jieding::web {

/// Who is asking. An empty id is a viewer.
struct Person {
  std::string id;
  std::string name;
  Owner role = Owner::Group;
};

/// What a person says of a milestone.
struct Said {
  MilestoneKey milestone;
  Act act = Act::Confirm;
  std::string comment;
  std::optional<SiteDay> day;   ///< of a claim or record: when it was reached
  std::string document_sha256;  ///< of a claim or record: what shows it; a claim may have none
};

/// Of which days a bulletin is wanted.
enum class BulletinSpan { Week, Month, Named };
struct BulletinPeriod {
  BulletinSpan span = BulletinSpan::Week;  ///< a week or a month that ends today
  Days named{};                            ///< for `Named`
};

struct ShownPicture {
  std::string jpeg;
  bool as_asked = true;  ///< false: larger, because nobody could make it smaller just now
};

/// Thread-bound to io.
class Record {
 public:
  virtual ~Record() = default;

  /// The whole live state of the site (GET /api/v1/site).
  virtual boost::asio::awaitable<Result<boost::json::value>> site() = 0;
  /// Storeys by day of one building, oldest first (GET /api/v1/buildings/{id}/history).
  virtual boost::asio::awaitable<Result<boost::json::value>> history(std::string building) = 0;
  /// Ledger leaves from an index on, at most `count` (GET /api/v1/events).
  virtual boost::asio::awaitable<Result<boost::json::value>> events(std::uint64_t from,
                                                                    std::uint64_t count) = 0;
  /// What the leading office is told of a period (GET /api/v1/bulletin). Invalid: it has not
  /// passed.
  virtual boost::asio::awaitable<Result<boost::json::value>> bulletin(BulletinPeriod period) = 0;
  /// The newest signed checkpoint (C2SP tlog-checkpoint text).
  virtual std::string checkpoint() const = 0;
  /// Bytes of a file of the ledger by its name in C2SP tlog-tiles, such as `tile/0/000.p/12`.
  /// NotFound: not a name of it, or the ledger is not that large.
  virtual boost::asio::awaitable<Result<std::string>> ledger_file(std::string name) = 0;
  /// One masked picture, no wider than so many pixels (0: as it is stored); NotFound for anything
  /// that the record does not name.
  virtual boost::asio::awaitable<Result<ShownPicture>> evidence(std::string sha256, int px) = 0;
  /// Whether those who only look may see it now. NotFound likewise.
  virtual boost::asio::awaitable<Result<bool>> is_public(std::string sha256) = 0;
  /// Bytes of a document (or picture) that the record names, for people who signed in.
  virtual boost::asio::awaitable<Result<std::string>> document(std::string sha256) = 0;
  /// What the doors refused and why, newest first, at most `count` (GET /api/v1/quarantine). Of
  /// devices that are another owner's the contractor is told nothing.
  virtual boost::asio::awaitable<Result<boost::json::value>> quarantine(Person reader,
                                                                        std::uint64_t count) = 0;
  /// A person confirms, disputes, records or takes a record back. Resumes after the commit.
  virtual boost::asio::awaitable<Result<boost::json::value>> act(Person person, Said said) = 0;
  /// Keeps a document that a person will name in a record; gives its SHA-256.
  virtual boost::asio::awaitable<Result<std::string>> keep_document(Person person,
                                                                    std::string bytes) = 0;
};

}  // namespace jieding::web
