#pragma once
// What travels over MQTT, as pure functions: topics and payloads as sync/asyncapi.yaml has them.
// "Exactly as hashed" is a promise: the leaf travels as text inside the event, never re-encoded.

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"
#include "gateway/domain/time.hpp"
#include "sync/box_identity.hpp"

namespace jieding::sync {

/// One MQTT message, either way. QoS 1 always.
struct Message {
  std::string topic;
  std::string payload;
  std::string content_type;
  bool retained = false;
  std::string response_topic;  ///< empty: no answer is asked for
  std::string correlation;     ///< opaque, given back with the answer
};

/// The topics of one box: `jieding/v1/{site}/{gw}/...`.
class Topics {
 public:
  Topics(std::string site, std::string gateway);

  const std::string& site() const { return site_; }
  const std::string& gateway() const { return gateway_; }
  std::string source() const { return "/jieding/" + site_ + "/" + gateway_; }
  /// What all of them begin with.
  const std::string& root() const { return root_; }
  std::string event() const { return root_ + "event"; }
  std::string state(std::string_view building) const {
    return root_ + "state/" + std::string(building);
  }
  std::string health() const { return root_ + "health"; }
  std::string checkpoint() const { return root_ + "checkpoint"; }
  std::string evidence(std::string_view sha256) const {
    return root_ + "evidence/" + std::string(sha256);
  }
  std::string telemetry() const { return root_ + "telemetry"; }
  std::string receipt() const { return root_ + "receipt"; }
  std::string request() const { return root_ + "request"; }

 private:
  std::string site_;
  std::string gateway_;
  std::string root_;
};

/// The ledger's leaf `index` as a CloudEvent.
Message event_message(const Topics& topics, std::uint64_t index, std::string_view leaf);

/// The latest state of a building, retained. `state` is the JSON object that the outbox keeps.
Message state_message(const Topics& topics, std::string_view building, std::string_view state);

enum class Presence { Online, Stopped, Offline };

/// Retained. As Last Will (`Offline`) its `at` is when the connection it belongs to was asked for.
Message health_message(const Topics& topics, Presence presence, Instant at,
                       std::string_view version, std::uint64_t ledger_size,
                       const BoxIdentity& speaker);
/// Who said a health message; Invalid: it is none.
Result<BoxIdentity> speaker_of_health(std::string_view payload);

/// The newest signed tree head, retained: the note as it stands.
Message checkpoint_message(const Topics& topics, std::string note);

Message evidence_message(const Topics& topics, std::string_view sha256, std::string jpeg);

/// Many readings in one SenML pack (RFC 8428). A device's own data flag goes as `flag`, an
/// extension field that readers who do not know it must ignore (RFC 8428 §4.4).
class TelemetryPack {
 public:
  explicit TelemetryPack(const Topics& topics, std::size_t expected_readings = 1);
  /// `conflicting`: another value has the same identity; goes as `conflict`, an extension too.
  void add(const Reading& reading, bool conflicting);
  Message finish();

 private:
  const Topics& topics_;
  std::string pack_;
  std::string device_;
};

/// What the platform holds: all leaves below `size`, and the root it computed from them.
struct Receipt {
  std::uint64_t size = 0;
  std::string root;  ///< lower-case hex of SHA-256
};

enum class RequestKind { Resend, State, Picture, RollOut, StopRollout };

struct Request {
  RequestKind kind = RequestKind::State;
  std::uint64_t from = 0;          ///< Resend: the ledger index
  std::string camera;              ///< Picture: whose latest
  std::string image;               ///< RollOut: SHA-256 of its file
  std::vector<std::string> nodes;  ///< RollOut: where it is to come, in this order
  bool allow_older = false;        ///< RollOut: than what a node runs
};

inline constexpr std::size_t most_incoming_bytes = 4096;  ///< receipts and requests are tiny

/// Both come from outside: bounded in size and depth, unknown fields are let through.
Result<Receipt> parse_receipt(std::string_view payload);
Result<Request> parse_request(std::string_view payload);

/// The answer to a request, to the response topic it named: what more there is to say, or the
/// error.
Message answer_message(const Message& request, const Result<boost::json::object>& said);

}  // namespace jieding::sync
