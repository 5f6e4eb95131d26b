#pragma once
// What the gateway offers to drivers: hand in, and be told when it is safe.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/milestone.hpp"
#include "gateway/domain/observation.hpp"
#include "gateway/domain/reading.hpp"
#include "gateway/domain/result.hpp"

namespace jieding {

/// What became of an acknowledged batch.
struct Accepted {
  std::size_t stored = 0;       ///< new readings
  std::size_t repeated = 0;     ///< the same again: acknowledged again, stored once
  std::size_t conflicting = 0;  ///< same identity, other value: kept beside the first and flagged
  std::size_t alerts = 0;       ///< limits raised or cleared by it
  std::size_t untimely = 0;     ///< new, but too old or too far ahead to be held against a limit
};

/// A request that its sender may send again, word by word: it is done once, and answered alike each
/// time, also after a restart.
struct OnceKey {
  std::string device;       ///< who asks; of a person `user:` and the id
  std::string key;          ///< the sender's own: Idempotency-Key
  std::string fingerprint;  ///< SHA-256 of all that was asked
};

/// A file that shows what a claim says. Kept as it is, by its hash.
struct Document {
  std::string device;  ///< who hands it in
  std::string bytes;
};

struct DocumentKept {
  std::string sha256;  ///< lower-case hex
  bool fresh = false;  ///< false: it was there already
};

/// A contractor's word that a milestone is reached.
struct Claim {
  MilestoneKey milestone;
  Instant at;      ///< the day claimed
  std::string by;  ///< device or user id
  Owner owner = Owner::Contractor;
  std::string document_sha256;  ///< of a document that is kept, lower-case hex; empty: none
  std::string note;             ///< free text; only its hash reaches the ledger
  std::optional<OnceKey> once = std::nullopt;
};

struct ClaimAccepted {
  Status status = Status::None;    ///< the milestone's status after the claim
  std::uint64_t ledger_index = 0;  ///< the event that records it
};

/// Bytes that a door refused. Kept in a bounded quarantine, counted by reason.
struct Refusal {
  std::string driver;
  std::string peer;    ///< address of the sender
  std::string device;  ///< as far as known, else empty
  std::string reason;  ///< short stable code: `crc`, `length`, `unknown_device` ...
  std::string detail;  ///< one line for people
  std::string bytes;   ///< what came, cut to 4 KiB
};

enum class Health { Ok, Warning, Failed };

inline std::string_view to_text(Health health) {
  return health == Health::Ok ? "ok" : health == Health::Warning ? "warning" : "failed";
}

struct DeviceHealth {
  std::string device;  ///< device or camera id
  Health health = Health::Ok;
  std::string reason;  ///< one line for people; empty when ok
  /// When it began; none: when it is first told. A driver that keeps hearing half of its device
  /// says it, because what is heard counts as ok until the driver speaks again.
  std::optional<Instant> since = std::nullopt;
};

struct FrameAccepted {
  bool usable = false;
  std::string reasons;          ///< comma-separated, empty when usable
  std::string evidence_sha256;  ///< of the masked picture; empty when there was none to keep
  Instant taken{};
};

/// Thread-bound to io. Every awaitable resumes on io, after the commit: only then acknowledge.
/// Faults: Invalid, TooMuch, Full (disk), Unavailable (draining, vision away), Internal.
class Intake {
 public:
  virtual ~Intake() = default;
  virtual boost::asio::awaitable<Result<Accepted>> readings(Batch batch) = 0;
  /// The same, once. Conflict: the key came with another request.
  virtual boost::asio::awaitable<Result<Accepted>> readings_once(Batch batch, OnceKey key) = 0;
  virtual boost::asio::awaitable<Result<FrameAccepted>> frame(Frame frame) = 0;
  /// What frame() said of this picture, also before a restart; nothing: it is not one of the
  /// camera's last few.
  virtual boost::asio::awaitable<Result<std::optional<FrameAccepted>>> frame_answer(
      std::string camera, std::string name) = 0;
  /// Conflict: the rules do not allow it, its document is not here, or its key came with another.
  virtual boost::asio::awaitable<Result<ClaimAccepted>> claim(Claim claim) = 0;
  /// TooMuch: the device has handed in too many that no claim names.
  virtual boost::asio::awaitable<Result<DocumentKept>> document(Document document) = 0;
  /// Best effort, bounded, never blocks.
  virtual void refuse(Refusal refusal) = 0;
  virtual void health(DeviceHealth health) = 0;
  /// A sign of life that holds nothing to store: a heartbeat.
  virtual void heard(const std::string& device) = 0;
  /// Something worth counting that was let pass, for people: `tolerated.short_qn`. A short stable
  /// word; counted since the start, a bounded number of words a device.
  virtual void count(const std::string& device, const std::string& what) = 0;
  /// Name of the camera's last committed frame, to resume a folder; empty: none.
  virtual std::string last_frame(const std::string& camera) const = 0;
};

}  // namespace jieding
